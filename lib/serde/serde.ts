/** What Kafka stores for a key or a value; null is "no key", or a tombstone. */
export type Bytes = Uint8Array | null;

/**
 * Turns values into bytes and back. `null` stands for itself on both sides and never reaches a serde.
 *
 * Gotcha: a promise is allowed, but it makes every record wait; answer without one where you can.
 */
export interface Serde<T> {
  /** The bytes to store; null stores no key, or a tombstone. */
  encode(value: T, topic: string): Bytes | Promise<Bytes>;
  /** The value of these bytes. Throws what is wrong with them; the reader adds topic, partition and offset. */
  decode(bytes: Uint8Array, topic: string): T | Promise<T>;
  /**
   * Gets ready to answer at once for a topic, as by registering a schema. A worker calls it, before it starts, for its
   * stores and internal topics, where nothing can wait.
   */
  ready?(topic: string): Promise<void>;
}

/** A serde that never answers with a promise or with null. */
export interface SyncSerde<T> extends Serde<T> {
  /** The bytes to store. */
  encode(value: T, topic: string): Uint8Array;
  /** The value of these bytes. Throws what is wrong with them. */
  decode(bytes: Uint8Array, topic: string): T;
}
