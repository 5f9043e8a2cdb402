/** A processor of the user's own. */
import { Datum, promised } from "../state/datum.ts";
import type { TaskStore } from "../state/task_store.ts";
import { FlowRecord, NOWHERE, type StreamRecord } from "./flow_record.ts";
import type { Operator, Schedule } from "./operator.ts";

/** A store as user code sees it. */
export interface KeyValueStore<K, V> {
  /** Undefined where there is no row. */
  get(key: K): V | undefined;
  /** Null deletes. */
  put(key: K, value: V | null): void;
  /** Does nothing where there is no row. */
  delete(key: K): void;
  /** Every row, in the order of the keys' bytes. */
  entries(): IterableIterator<readonly [K, V]>;
}

/** What a processor may do. */
export interface ProcessorContext<K, V> {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** The partition that the task works on, from 0. */
  readonly partition: number;
  /** Greatest event time of the task; -1 before the first record. */
  readonly streamTime: number;
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Emits a record; its time is that of the record at hand, or the punctuation's. */
  forward(record: { readonly key: K; readonly value: V; readonly timestamp?: number }): void;
  /** A store that was named in `options.stores`. */
  store<SK, SV>(name: string): KeyValueStore<SK, SV>;
  /** Calls back again and again, by stream time or by the wall clock. */
  schedule(schedule: Schedule, callback: (timeMs: number) => void): void;
}

/** Processes records of one task. */
export interface Processor<K, V> {
  /** Called for each record in turn; emits by the context's `forward`. */
  process(record: StreamRecord<K, V>): void;
  /** Called when the task ends here; another worker may go on with it. */
  close?(): void;
}

/** Makes a processor for each task. */
export type ProcessorFactory<K, V, L, W> = (context: ProcessorContext<L, W>) => Processor<K, V>;

function badTime(time: number): RangeError {
  return new RangeError(
    `Cannot forward a record: its timestamp is ${time} (give whole milliseconds since 1970, not negative)`,
  );
}

/** Runs a user's processor as an operator. */
export function processor<K, V, L, W>(factory: ProcessorFactory<K, V, L, W>): () => Operator {
  return () => {
    let inner: Processor<K, V>;
    let current: FlowRecord | undefined;
    let timerMs = 0;
    return {
      init(context) {
        inner = factory({
          task: context.task,
          partition: context.partition,
          get streamTime() {
            return context.streamTime;
          },
          now: () => context.now(),
          forward({ key, value, timestamp }) {
            const time = timestamp ?? current?.timestamp ?? timerMs;
            if (!(Number.isSafeInteger(time) && time >= 0)) throw badTime(time);
            const origin = current?.origin ?? { ...NOWHERE, partition: context.partition };
            context.forward(new FlowRecord(Datum.of(key), Datum.of(value), time, origin));
          },
          store: (name) => keyValueStore(context.store(name), () => current?.timestamp ?? timerMs),
          schedule: (schedule, callback) =>
            context.schedule(schedule, (timeMs) => {
              current = undefined;
              timerMs = timeMs;
              callback(timeMs);
            }),
        });
      },
      process(record) {
        current = record;
        const answer: unknown = inner.process(record);
        if (answer instanceof Promise) throw promised(answer);
        current = undefined;
      },
      close: () => inner?.close?.(),
    };
  };
}

/** A task's store for user code. @param time Time of rows written now */
export function keyValueStore<K, V>(store: TaskStore, time: () => number): KeyValueStore<K, V> {
  const keyOf = (key: K) => Datum.of(key).stateKey(store.spec.key, store.topic);
  return {
    get: (key) => store.get(keyOf(key))?.value.value as V | undefined,
    put: (key, value) => store.put(keyOf(key), Datum.of(value), time()),
    delete: (key) => store.delete(keyOf(key), time()),
    *entries() {
      for (const [key, row] of store.all()) {
        yield [store.decodeKey(key) as K, row.value.value as V] as const;
      }
    },
  };
}
