/**
 * A key or a value in flight: bytes, a decoded value, or both. Decoded at most once, and only when somebody looks;
 * encoded only when it did not come as bytes of the same serde.
 *
 * @module
 */
import type { Bytes, Serde } from "../../serde/mod.ts";
import { promiseError, requireResult } from "./function_results.ts";
import { type StateKey, toStateKey } from "./state_key.ts";

const ABSENT = Symbol("absent");

/** Bytes that are no value of their topic. The record's source position is added by the task. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  constructor(readonly topic: string, override readonly cause: unknown) {
    super(
      `Cannot decode a record of "${topic}": ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

/** A lazily decoded, lazily encoded value. */
export class EncodedValue<T> {
  #value: T | null | typeof ABSENT;
  #bytes: Bytes | undefined;
  #serde: Serde<T> | undefined;
  #topic: string;
  #stateKey: StateKey | undefined;

  private constructor(
    value: T | null | typeof ABSENT,
    bytes: Bytes | undefined,
    serde: Serde<T> | undefined,
    topic: string,
  ) {
    this.#value = value;
    this.#bytes = bytes;
    this.#serde = serde;
    this.#topic = topic;
  }

  /** Wraps a decoded value; `undefined` counts as null. @throws {TypeError} If it is a promise */
  static of<T>(value: T | null | undefined): EncodedValue<T> {
    if (value instanceof Promise) throw promiseError(value);
    return value === null || value === undefined
      ? NULL as EncodedValue<T>
      : new EncodedValue<T>(value, undefined, undefined, "");
  }

  /** As {@link of}, for what an aggregator gave back. @throws {TypeError} If it gave back nothing: a forgotten `return` */
  static result<T>(value: T | null): EncodedValue<T> {
    return EncodedValue.of(requireResult(value));
  }

  /** Wraps bytes of a topic. */
  static encoded<T>(bytes: Bytes, serde: Serde<T>, topic: string): EncodedValue<T> {
    return bytes === null
      ? NULL as EncodedValue<T>
      : new EncodedValue<T>(ABSENT, bytes, serde, topic);
  }

  /** Null (no key; a tombstone). */
  static readonly null: EncodedValue<never> = new EncodedValue<never>(null, null, undefined, "");

  /** Whether it is null; never decodes. */
  get isNull(): boolean {
    return this.#value === null;
  }

  /** Whether it is decoded and a number, text or boolean: something nobody can change from outside. */
  get isPrimitive(): boolean {
    return this.#bytes === undefined && typeof this.#value !== "object" &&
      typeof this.#value !== "symbol";
  }

  /** How many bytes it has; undefined where it is not encoded. */
  get encodedLength(): number | undefined {
    return this.#bytes?.length;
  }

  /** The decoded value. @throws {DecodeError} If the bytes are not a value of their topic */
  get value(): T | null {
    if (this.#value === ABSENT) {
      const answer = this.decode();
      if (answer) {
        throw new DecodeError(
          this.#topic,
          "its serde answers with a promise where an answer is needed at once",
        );
      }
    }
    return this.#value as T | null;
  }

  /**
   * A copy for a user's function, which may change it: decoded from the bytes, so that what this holds stays as it was.
   * Without bytes, or with a serde that answers with a promise, it is the value itself.
   *
   * @throws {DecodeError} If the bytes are not a value of their topic
   */
  copy(): T | null {
    if (!this.#bytes || (this.#value !== ABSENT && typeof this.#value !== "object")) {
      return this.value;
    }
    try {
      const answer = this.#serde!.decode(this.#bytes, this.#topic);
      if (answer instanceof Promise) {
        answer.catch(() => {});
        return this.value;
      }
      if (typeof answer !== "object") this.#value = answer ?? null;
      return answer ?? null;
    } catch (error) {
      throw error instanceof DecodeError ? error : new DecodeError(this.#topic, error);
    }
  }

  /** The same bytes, not yet decoded. */
  fresh(): EncodedValue<T> {
    return this.#bytes ? new EncodedValue<T>(ABSENT, this.#bytes, this.#serde, this.#topic) : this;
  }

  /** Decodes now. Returns a promise when the serde does, nothing when the value is there. */
  decode(): Promise<void> | undefined {
    if (this.#value !== ABSENT) return undefined;
    try {
      const answer = this.#serde!.decode(this.#bytes!, this.#topic);
      if (!(answer instanceof Promise)) {
        this.#value = answer ?? null;
        return undefined;
      }
      return answer.then((value) => {
        this.#value = value ?? null;
      }, (error) => {
        throw new DecodeError(this.#topic, error);
      });
    } catch (error) {
      throw new DecodeError(this.#topic, error);
    }
  }

  /** The bytes under a serde: those it came with when the serde is the same, else encoded once and kept. */
  bytes(serde: Serde<T>, topic: string): Bytes | Promise<Bytes> {
    if (this.#bytes === null) return null;
    if (this.#bytes !== undefined && this.#serde === serde) return this.#bytes;
    const answer = serde.encode(this.value!, topic);
    if (answer instanceof Promise) return answer.then((bytes) => this.#keep(bytes, serde, topic));
    return this.#keep(answer, serde, topic);
  }

  /** The bytes, where a promise cannot be waited for. @throws {TypeError} If the serde answers with one */
  bytesNow(serde: Serde<T>, topic: string): Bytes {
    const answer = this.bytes(serde, topic);
    if (!(answer instanceof Promise)) return answer;
    answer.catch(() => {});
    throw new TypeError(
      `Cannot encode for "${topic}" at once: its serde answers with a promise (keep JSON in stores and keys, or warm the serde before start)`,
    );
  }

  /** The key under which a store keeps this, under a serde. */
  stateKey(serde: Serde<T>, topic: string): StateKey {
    if (this.#stateKey !== undefined && this.#serde === serde) return this.#stateKey;
    const key = toStateKey(this.bytesNow(serde, topic) ?? new Uint8Array(0));
    if (this.#serde === serde) this.#stateKey = key;
    return key;
  }

  #keep(bytes: Bytes, serde: Serde<T>, topic: string): Bytes {
    // Bytes that came from a topic stay with their serde: they are what passes through untouched.
    if (this.#bytes === undefined) {
      this.#bytes = bytes;
      this.#serde = serde;
      this.#topic = topic;
    }
    return bytes;
  }
}

const NULL = EncodedValue.null;
