/**
 * Global tables: whole topics that every process keeps for itself.
 *
 * @module
 */
import { Datum } from "../state/datum.ts";
import type { StoreProvider } from "../state/row_store.ts";
import { TaskStore } from "../state/task_store.ts";
import { storeOf, type Topology } from "../topology/topology.ts";
import type { Check } from "../topology/topic.ts";
import type { RawRecord } from "./records.ts";

/** All global tables of one process. Restoring and following are the same: records in, rows out. */
export class GlobalState {
  readonly stores: ReadonlyMap<string, TaskStore>;
  readonly #byTopic: ReadonlyMap<string, TaskStore>;
  readonly #checks: ReadonlyMap<string, Check | undefined>;

  constructor(topology: Topology, options: { readonly stores: StoreProvider }) {
    const storage = options.stores.open("global");
    const entries = topology.globals.map(({ topic, store }) => {
      const spec = storeOf(topology, store);
      const check = topology.nodes.find(({ source }) => source?.topic === topic)?.source?.check;
      return { topic, store: new TaskStore(spec, storage.store(spec), null), check };
    });
    this.#checks = new Map(entries.map(({ topic, check }) => [topic, check]));
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
    const check = this.#checks.get(topic);
    let work: Promise<void> | undefined;
    for (const { key, value, timestamp } of records) {
      if (key === null) continue;
      const stateKey = Datum.encoded(key, keySerde, topic).stateKey(keySerde, topic);
      const datum = Datum.encoded(value?.slice() ?? null, valueSerde, topic);
      const late = datum.decode();
      const good = late ? late.then(() => checked(datum, check)) : checked(datum, check);
      // Later records of the same key must not overtake one that is still being decoded.
      if (good instanceof Promise || work) {
        work = Promise.all([work, good]).then(([, one]) => store.put(stateKey, one, timestamp));
      } else store.put(stateKey, good, timestamp);
    }
    return work;
  }
}

function checked(
  datum: Datum<unknown>,
  check: Check | undefined,
): Datum<unknown> | Promise<Datum<unknown>> {
  if (!check || datum.isNull) return datum;
  const { value } = datum, good = check(value);
  const withGood = (one: unknown) => one === value ? datum : Datum.of(one);
  return good instanceof Promise ? good.then(withGood) : withGood(good);
}
