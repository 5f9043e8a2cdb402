/** A processor of the user's own. */
import { EncodedValue } from "../state/encoded_value.ts";
import { promiseError } from "../state/function_results.ts";
import { type HeadersInput, wireHeaders } from "../../serde/mod.ts";
import { FlowRecord, NOWHERE, type StreamRecord } from "./flow_record.ts";
import { type KeyValueStore, keyValueStore } from "./key_value_store.ts";
import type { Operator, OperatorContext, Schedule, Scheduled } from "./operator.ts";
import type { Derive } from "./table_map.ts";

/** What every function with stores of its own may ask of its task. */
export interface StoreContext {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** The partition that the task works on, from 0. */
  readonly partition: number;
  /** Greatest event time of the task; -1 before the first record. */
  readonly streamTime: number;
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** A store that was named in `options.stores`. */
  store<SK, SV>(name: string): KeyValueStore<SK, SV>;
  /** Calls back again and again, by stream time or by the wall clock, until it is cancelled. */
  schedule(schedule: Schedule, callback: (timeMs: number) => void): Scheduled;
}

/** What a processor emits besides key and value. */
export interface ForwardOptions {
  /** Epoch milliseconds. @default that of the record being processed, or the punctuation's */
  readonly timestamp?: number;
  /** Take the place of those of the record being processed, which are passed on otherwise. */
  readonly headers?: HeadersInput;
}

/** What a processor may do. */
export interface ProcessorContext<K, V> extends StoreContext {
  /** Emits a record. @throws {RangeError} If its time is negative, or no whole number */
  forward(record: { readonly key: K; readonly value: V } & ForwardOptions): void;
}

/** What a processor that leaves keys alone may do. */
export interface ValueProcessorContext<V> extends StoreContext {
  /** Emits a record of the key that is being processed. @throws {TypeError} If a timer calls it: it has no key */
  forward(record: { readonly value: V } & ForwardOptions): void;
}

/** Processes records of one task. */
export interface Processor<K, V> {
  /** Called for each record in turn; emits by the context's `forward`. */
  process(record: StreamRecord<K, V>): void | undefined;
  /** Called when the task ends here; another worker may go on with it. */
  close?(): void;
}

/** Makes a processor for each task. */
export type ProcessorFactory<K, V, L, W> = (context: ProcessorContext<L, W>) => Processor<K, V>;

/** Makes a processor that leaves keys alone for each task. */
export type ValueProcessorFactory<K, V, W> = (
  context: ValueProcessorContext<W>,
) => Processor<K, V>;

/** Makes, for each task, the function that gives a table's row its value; null leaves the row out. */
export type TransformerFactory<K, V, W> = (
  context: StoreContext,
) => (value: V | null, record: StreamRecord<K, V | null>) => W | null;

/** What user code is working on: a record, or the time of a punctuation. */
class Current {
  record: FlowRecord | undefined;
  #timerMs = 0;

  get timestamp(): number {
    return this.record?.timestamp ?? this.#timerMs;
  }

  /** What a task offers. */
  offers(context: OperatorContext): StoreContext {
    return {
      task: context.task,
      partition: context.partition,
      get streamTime() {
        return context.streamTime;
      },
      now: () => context.now(),
      store: (name) => keyValueStore(context.store(name), () => this.timestamp),
      schedule: (schedule, callback) =>
        context.schedule(schedule, (timeMs) => {
          this.record = undefined;
          this.#timerMs = timeMs;
          const answer: unknown = callback(timeMs);
          if (answer instanceof Promise) throw promiseError(answer);
        }),
    };
  }

  /** A record that is emitted now. */
  emitted(
    context: OperatorContext,
    key: EncodedValue<unknown>,
    value: EncodedValue<unknown>,
    { timestamp = this.timestamp, headers }: ForwardOptions,
  ): FlowRecord {
    if (!(Number.isSafeInteger(timestamp) && timestamp >= 0)) {
      throw new RangeError(
        `Cannot forward a record: its timestamp is ${timestamp} (give whole milliseconds since 1970, not negative)`,
      );
    }
    const origin = this.record?.origin ?? { ...NOWHERE, partition: context.partition };
    return new FlowRecord(
      key,
      value,
      timestamp,
      headers ? { ...origin, headers: wireHeaders(headers) } : origin,
    );
  }
}

function running<K, V>(
  make: (context: OperatorContext, current: Current) => Processor<K, V>,
): () => Operator {
  return () => {
    const current = new Current();
    let inner: Processor<K, V>;
    return {
      init: (context) => void (inner = make(context, current)),
      process(record) {
        current.record = record;
        const answer: unknown = inner.process(record);
        if (answer instanceof Promise) throw promiseError(answer);
        current.record = undefined;
      },
      close: () => inner?.close?.(),
    };
  };
}

/** Runs a user's processor as an operator. */
export function processor<K, V, L, W>(factory: ProcessorFactory<K, V, L, W>): () => Operator {
  return running((context, current) =>
    factory(Object.assign(current.offers(context), {
      forward: ({ key, value, ...more }: { key: L; value: W } & ForwardOptions) =>
        context.forward(
          current.emitted(context, EncodedValue.of(key), EncodedValue.of(value), more),
        ),
    }))
  );
}

/** Runs a user's processor that leaves keys alone. */
export function valueProcessor<K, V, W>(factory: ValueProcessorFactory<K, V, W>): () => Operator {
  return running((context, current) =>
    factory(Object.assign(current.offers(context), {
      forward({ value, ...more }: { value: W } & ForwardOptions) {
        if (!current.record) {
          throw new TypeError(
            "Cannot forward a value from a timer: there is no record whose key it could have (use process)",
          );
        }
        const { encodedKey } = current.record;
        context.forward(current.emitted(context, encodedKey, EncodedValue.of(value), more));
      },
    }))
  );
}

/** A user's transformer as the rule of a table that follows from another one. */
export function transformed<K, V, W>(
  factory: TransformerFactory<K, V, W>,
): (context: OperatorContext) => Derive {
  return (context) => {
    const current = new Current(), transform = factory(current.offers(context));
    return (value, record) => {
      current.record = record;
      return EncodedValue.of(transform(value.copy() as V | null, record.withValue(value)));
    };
  };
}
