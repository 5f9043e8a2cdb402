/**
 * Global tables: whole topics that every process keeps for itself.
 *
 * @module
 */
import { EncodedValue } from "../state/encoded_value.ts";
import type { StoreProvider } from "../state/row_store.ts";
import { TaskStore } from "../state/task_store.ts";
import { storeOf, type Topology } from "../topology/topology.ts";
import type { Check } from "../topology/topic.ts";
import { FlowRecord, NOWHERE } from "../operators/flow_record.ts";
import { keyValueStore } from "../operators/key_value_store.ts";
import type { SourceSpec, TopologyNode } from "../topology/node.ts";
import type { RawRecord } from "./records.ts";

/** All global tables of one process. Restoring and following are the same: records in, rows out. */
export class GlobalState {
  readonly stores: ReadonlyMap<string, TaskStore>;
  readonly #byTopic: ReadonlyMap<string, TaskStore>;
  readonly #nodes: ReadonlyMap<string, TopologyNode>;

  constructor(topology: Topology, options: { readonly stores: StoreProvider }) {
    const storage = options.stores.open("global");
    const entries = topology.globals.map(({ topic, store }) => {
      const spec = storeOf(topology, store);
      const node = topology.nodes.find(({ source }) => source?.topic === topic)!;
      return { topic, store: new TaskStore(spec, storage.store(spec), null), node };
    });
    this.#nodes = new Map(entries.map(({ topic, node }) => [topic, node]));
    this.stores = new Map(entries.map(({ store }) => [store.spec.name, store]));
    this.#byTopic = new Map(entries.map(({ topic, store }) => [topic, store]));
  }

  /** Topics it needs, all partitions of each. */
  get topics(): readonly string[] {
    return [...this.#byTopic.keys()];
  }

  /** The store of a global table. */
  store(name: string): TaskStore | undefined {
    return this.stores.get(name);
  }

  /** Takes records of a topic; a promise when the value serde needs time. */
  update(topic: string, records: readonly RawRecord[]): void | Promise<void> {
    const store = this.#byTopic.get(topic);
    if (!store) throw new RangeError(`Cannot fill a global table: none reads "${topic}"`);
    const { key: keySerde, value: valueSerde } = store.spec;
    const { source, updateGlobal } = this.#nodes.get(topic)!, { check } = source!;
    if (updateGlobal) return this.#updateBy(updateGlobal, { store, source: source!, records });
    let work: Promise<void> | undefined;
    for (const { key, value, timestamp, unreadable } of records) {
      if (unreadable) {
        throw new Error(`Cannot fill the table of topic "${topic}": ${unreadable.error.message}`);
      }
      if (key === null) continue;
      const stateKey = EncodedValue.encoded(key, keySerde, topic).stateKey(keySerde, topic);
      const encoded = EncodedValue.encoded(value?.slice() ?? null, valueSerde, topic);
      const late = encoded.decode();
      const good = late ? late.then(() => checked(encoded, check)) : checked(encoded, check);
      // Later records of the same key must not overtake one that is still being decoded.
      if (good instanceof Promise || work) {
        work = Promise.all([work, good]).then(([, one]) => store.put(stateKey, one, timestamp));
      } else store.put(stateKey, good, timestamp);
    }
    return work;
  }

  /** Lets the application's own function fill a table. */
  #updateBy(
    update: NonNullable<TopologyNode["updateGlobal"]>,
    { store, source, records }: {
      readonly store: TaskStore;
      readonly source: SourceSpec;
      readonly records: readonly RawRecord[];
    },
  ): void | Promise<void> {
    const { topic, key, value, check } = source;
    let work: Promise<void> | undefined;
    for (const raw of records) {
      const { timestamp, offset, headers } = raw;
      const origin = { ...NOWHERE, topic, offset, headers };
      const encodedKey = EncodedValue.encoded(raw.key, key, topic);
      const encoded = EncodedValue.encoded(raw.value?.slice() ?? null, value, topic);
      const late = encodedKey.decode() ?? encoded.decode();
      const decoded = late?.then(() => encoded.decode());
      const good = decoded ? decoded.then(() => checked(encoded, check)) : checked(encoded, check);
      const apply = (one: EncodedValue<unknown>) =>
        update(
          keyValueStore(store, () => timestamp),
          new FlowRecord(encodedKey, one, timestamp, origin),
        );
      if (good instanceof Promise || work) {
        work = Promise.all([work, good]).then(([, one]) => apply(one));
      } else apply(good);
    }
    return work;
  }
}

function checked(
  encoded: EncodedValue<unknown>,
  check: Check | undefined,
): EncodedValue<unknown> | Promise<EncodedValue<unknown>> {
  if (!check || encoded.isNull) return encoded;
  const { value } = encoded, good = check(value);
  const withGood = (one: unknown) => one === value ? encoded : EncodedValue.of(one);
  return good instanceof Promise ? good.then(withGood) : withGood(good);
}
