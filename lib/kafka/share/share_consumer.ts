import { abortable } from "../../async/mod.ts";
import { json } from "../../serde/mod.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { KafkaError } from "../client/errors.ts";
import type { RecordsOptions, TakeOptions } from "../consume/consumer_options.ts";
import { joined } from "../consume/join.ts";
import { type DecodeOptions, decodeRecord } from "../consume/record.ts";
import type { Acknowledgement, HeldRecord } from "./held_records.ts";
import type { ShareConsumer, ShareConsumerOptions, SharedRecord } from "./share_options.ts";
import { ShareReader } from "./share_reader.ts";

/**
 * Joins a share group and reads; resolves when the member knows its partitions.
 *
 * Members of a share group share the records of each partition, as workers share a queue: there can be more members than
 * partitions, each record is held for one member at a time, and what that member does not accept comes again, to it or to
 * another one. Records come in no particular order.
 *
 * @example
 * ```ts ignore
 * await using worker = await shareConsumer<string, Order>(kafka, { group: "g", topics: "orders" });
 * for await (const order of worker.records()) {
 *   if (!await ship(order.value)) worker.acknowledge(order, order.deliveryCount < 3 ? "release" : "reject");
 * }
 * ```
 * @throws {KafkaError} `Cannot join group "g": its broker has no share groups (…)`: Kafka 4.2 has them, and newer.
 * @see KIP-932; Java's `KafkaShareConsumer`
 */
export async function shareConsumer<K = unknown, V = unknown>(
  kafka: Kafka,
  options: ShareConsumerOptions<K, V>,
): Promise<ShareConsumer<K, V>> {
  const topics = typeof options.topics === "string" ? [options.topics] : options.topics;
  await kafka.topics.mustExist("read", topics);
  return await joined(kafka, new GroupShareConsumer<K, V>(kafka, { ...options, topics }));
}

class GroupShareConsumer<K, V> implements ShareConsumer<K, V> {
  readonly group: string;
  readonly member: string;
  readonly topics: readonly string[];
  readonly #kafka: Kafka;
  readonly #reader: ShareReader;
  readonly #decode: DecodeOptions<K, V>;
  readonly #maxRecords: number;
  readonly #maxWaitMs: number;
  #forget: () => void = () => {};
  #closed: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    options: ShareConsumerOptions<K, V> & { readonly topics: readonly string[] },
  ) {
    this.#kafka = kafka;
    this.group = options.group;
    this.member = options.name ?? `consumer-${Deno.pid}`;
    this.topics = options.topics;
    this.#decode = {
      key: options.key ?? json<K>(),
      value: options.value ?? json<V>(),
      onDecodeError: options.onDecodeError ?? "fail",
    };
    this.#maxRecords = options.maxRecords ?? 100;
    this.#maxWaitMs = options.maxWaitMs ?? 100;
    const { onAssignment } = options;
    this.#reader = new ShareReader(kafka, {
      ...{ group: this.group, topics: this.topics, name: this.member },
      ...(onAssignment && { onAssignment }),
    });
  }

  get assignment(): MemberAssignment {
    return this.history.at(-1)!;
  }

  get history(): readonly MemberAssignment[] {
    return this.#reader.history;
  }

  /** Joins the group. */
  join(): Promise<void> {
    return this.#reader.join();
  }

  /** What to call when it is closed. */
  onClose(forget: () => void): void {
    this.#forget = forget;
  }

  async take(max: number, options: TakeOptions = {}): Promise<readonly SharedRecord<K, V>[]> {
    const deadlineMs = Date.now() + (options.timeoutMs ?? 10_000);
    const signal = this.#kafka.stopSignal(options.signal), taken: SharedRecord<K, V>[] = [];
    this.#reader.held.acceptOpen();
    try {
      while (taken.length < max) {
        const record = await this.#next({ deadlineMs, most: max - taken.length, signal });
        if (!record) break;
        taken.push(record);
      }
    } catch (error) {
      if (taken.length === 0) throw error;
      // What was taken must not be lost: it is returned now and the error comes again; or it comes again itself.
      if (!signal?.aborted) return taken;
      for (const record of taken) this.acknowledge(record, "release");
      throw error;
    }
    return taken;
  }

  async *records(options: RecordsOptions = {}): AsyncGenerator<SharedRecord<K, V>, void, void> {
    const { max = Infinity, timeoutMs = Infinity, idleMs = Infinity } = options;
    const signal = this.#kafka.stopSignal(options.signal), endMs = Date.now() + timeoutMs;
    this.#reader.held.acceptOpen();
    for (let count = 0; count < max; count++) {
      const deadlineMs = Math.min(endMs, Date.now() + idleMs);
      const record = await this.#next({ deadlineMs, most: max - count, signal });
      if (!record) return;
      yield record;
      this.#reader.held.acceptOpen();
    }
  }

  acknowledge(
    record: Pick<SharedRecord, "topic" | "partition" | "offset">,
    as: Acknowledgement,
  ): void {
    this.#reader.held.acknowledge(record, as);
  }

  async commit(): Promise<void> {
    this.#reader.held.acceptOpen();
    const lost = await this.#reader.acknowledge();
    if (lost.length > 0) throw this.#notHeld(lost);
  }

  close(): Promise<void> {
    return this.#closed ??= this.#reader.leave().then(() => this.#forget());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The next record that can be read; undefined when the time is up or the consumer is closed. */
  async #next({ deadlineMs, most, signal }: {
    readonly deadlineMs: number;
    /** No more are acquired at a time. */
    readonly most: number;
    readonly signal: AbortSignal | undefined;
  }): Promise<SharedRecord<K, V> | undefined> {
    const reader = this.#reader;
    for (;;) {
      signal?.throwIfAborted();
      if (reader.isClosed) return undefined;
      const held = reader.held.next();
      if (held) {
        const record = await this.#decoded(held);
        if (record) return record;
        continue;
      }
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) return undefined;
      const lost = await reader.acknowledge();
      if (lost.length > 0) {
        this.#kafka.notify({ kind: "trouble", text: this.#notHeld(lost).message });
      }
      const maxRecords = Math.min(this.#maxRecords, most);
      const maxWaitMs = Math.min(this.#maxWaitMs, leftMs);
      await abortable(reader.fill({ maxRecords, maxWaitMs }), signal);
    }
  }

  async #decoded(held: HeldRecord): Promise<SharedRecord<K, V> | undefined> {
    try {
      const record = await decodeRecord<K, V>(held, this.#decode);
      if (record) return { ...record, deliveryCount: held.deliveryCount };
      this.acknowledge(held, "reject");
      return undefined;
    } catch (error) {
      this.acknowledge(held, "release");
      throw error;
    }
  }

  #notHeld(partitions: readonly string[]): KafkaError {
    return new KafkaError(
      `Cannot acknowledge some records of ${
        partitions.join(", ")
      } in share group "${this.group}": ` +
        "they are not held for this member any more, and come again (acknowledge sooner, or raise the group's " +
        "share.record.lock.duration.ms)",
      { group: this.group, code: "INVALID_RECORD_STATE" },
    );
  }
}
