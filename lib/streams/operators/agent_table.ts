/** Tables that agents read and write. */
import { EncodedValue } from "../state/encoded_value.ts";
import { windowKey } from "../state/layout.ts";
import { agentScope } from "./agent.ts";
import { type KeyValueStore, keyValueStore } from "./key_value_store.ts";
import { timedRows } from "./operator.ts";
import { neededMs, type TimeWindows, windowStarts } from "./windows.ts";

/** A named table: each task holds the rows of its own keys. */
export class AgentTable<K, V> {
  /** @internal */
  constructor(
    /** Name of its store. */
    readonly name: string,
    /** Makes the value of a key that has none yet. */
    readonly initial: () => V,
  ) {}

  /** The value of a key, or the default. */
  get(key: K): V {
    return this.#store().get(key) ?? this.initial();
  }

  /** Sets a key's value. */
  set(key: K, value: V): void {
    this.#store().put(key, value);
  }

  /** Changes a key's value by a function of the value so far; gives the new value. */
  update(key: K, change: (value: V) => V): V {
    const value = change(this.get(key));
    this.set(key, value);
    return value;
  }

  /** Deletes a key. */
  delete(key: K): void {
    this.#store().delete(key);
  }

  /** Every row of this task, in the order of the keys' bytes. */
  entries(): IterableIterator<readonly [K, V]> {
    return this.#store().entries();
  }

  #store(): KeyValueStore<K, V> {
    const { context, record } = agentScope(this.name);
    return keyValueStore<K, V>(context.store(this.name), () => record.timestamp);
  }
}

/** A named table with a value per key and window; the record that the agent works on decides the windows. */
export class WindowedAgentTable<K, V> {
  /** @internal */
  constructor(
    /** Name of its store. */
    readonly name: string,
    /** Makes the value of a key and window that has none yet. */
    readonly initial: () => V,
    /** The windows that a record falls into. */
    readonly windows: TimeWindows,
  ) {}

  /** The value of a key in the newest window of the agent's record, or the default. */
  get(key: K): V {
    const { rows, bare, timestamp } = this.#open(key);
    const start = windowStarts(this.windows, timestamp).at(-1)!;
    return rows.get(windowKey(bare, start))?.value.value as V | undefined ?? this.initial();
  }

  /**
   * Changes a key's value in every window that the agent's record falls into and that is still open.
   *
   * @returns How many windows were changed; fewer than there are when the record is late
   */
  update(key: K, change: (value: V) => V): number {
    const { rows, bare, timestamp, closedMs, late } = this.#open(key);
    let changed = 0;
    for (const start of windowStarts(this.windows, timestamp)) {
      const end = start + this.windows.sizeMs;
      if (end <= closedMs) {
        late(closedMs - end);
        continue;
      }
      const stateKey = windowKey(bare, start);
      const row = rows.get(stateKey);
      const value = change(row ? row.value.value as V : this.initial());
      rows.put(stateKey, EncodedValue.of(value), Math.max(row?.timestamp ?? -1, timestamp));
      changed++;
    }
    return changed;
  }

  #open(key: K) {
    const { context, record } = agentScope(this.name);
    const store = context.store(this.name);
    const { timestamp } = record;
    const time = context.shared(`${this.name}.time`, -1);
    time.value = Math.max(time.value, timestamp);
    return {
      rows: timedRows(context, this.name, neededMs(this.windows)),
      bare: EncodedValue.of(key).stateKey(store.spec.key, store.topic),
      timestamp,
      closedMs: time.value - this.windows.graceMs,
      late: (lateMs: number) => context.drop("late", record, lateMs),
    };
  }
}
