/** Holding back updates of a table. */
import { EncodedValue } from "../state/encoded_value.ts";
import { OrderedKeys } from "../state/ordered_keys.ts";
import { type StateKey, timeAt, timeKey, toBytes } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";
import type { AnySerde } from "../topology/serde.ts";
import type { Windowed } from "../topology/windowed_serde.ts";
import type { Buffered } from "../state/buffered_serde.ts";
import { FlowRecord } from "./flow_record.ts";
import type { TableGetter } from "./table_getter.ts";
import { type NumberCell, observedTime, type Operator, type OperatorContext } from "./operator.ts";

/** When updates leave, as plain data. */
export interface SuppressRule {
  readonly until: "windowCloses" | "timeLimit";
  /** How long after its time an update leaves: the limit; or, after a window's end, grace (and gap). */
  readonly afterMs: number;
  /** Wait until no record can change the window any more, not only until it is about to be so. */
  readonly strict?: boolean;
  /** Most updates held. @default Infinity */
  readonly maxRecords?: number;
  /** Most bytes held. @default Infinity */
  readonly maxBytes?: number;
  /** What happens when there are more. @default "emit" */
  readonly whenFull?: "emit" | "stop";
  /** How values are written: it tells how large they are. */
  readonly value: AnySerde;
}

/**
 * Holds the latest update of each key; a later update takes the place, and the turn, of an earlier one.
 *
 * See: Kafka Streams' `KTableSuppressProcessor`, `InMemoryTimeOrderedKeyValueChangeBuffer`, KIP-328
 */
export function suppress(storeName: string, rule: SuppressRule): () => Operator {
  return () => new Suppress(storeName, rule);
}

class Suppress implements Operator {
  #context!: OperatorContext;
  #store!: TaskStore;
  #time!: NumberCell;
  /** Turn ∥ key, sorted. */
  #turns = new OrderedKeys();
  #turnOf = new Map<StateKey, number>();
  /** Key -> bytes of key and value, where they are limited. */
  readonly #sizes = new Map<StateKey, number>();
  #bytes = 0;
  #revision = -1;

  constructor(readonly storeName: string, readonly rule: SuppressRule) {}

  init(context: OperatorContext): void {
    this.#context = context;
    this.#store = context.store(this.storeName);
    this.#time = observedTime(context);
  }

  process(record: FlowRecord): void {
    this.#catchUp();
    this.#time.value = Math.max(this.#time.value, record.timestamp);
    this.#hold(record);
    const { afterMs, strict = false, whenFull = "emit" } = this.rule;
    const due = this.#time.value - afterMs - (strict ? 1 : 0);
    for (let first = this.#turns.first; first !== undefined; first = this.#turns.first) {
      if (timeAt(first, 0) > due) break;
      this.#release(first, record);
    }
    for (let full = this.#full; full !== undefined; full = this.#full) {
      if (whenFull === "stop") {
        throw new RangeError(
          `Cannot hold back more than ${full} (raise maxRecords or maxBytes, or let the buffer emit early)`,
        );
      }
      this.#release(this.#turns.first!, record);
    }
  }

  /** The limit that is exceeded. */
  get #full(): string | undefined {
    const { maxRecords = Infinity, maxBytes = Infinity } = this.rule;
    if (this.#turnOf.size > maxRecords) return `${maxRecords} updates`;
    return this.#bytes > maxBytes ? `${maxBytes} bytes of updates` : undefined;
  }

  #measure(key: StateKey, value: EncodedValue<unknown> | undefined): void {
    if ((this.rule.maxBytes ?? Infinity) === Infinity) return;
    const bytes = value?.bytesNow(this.rule.value, this.#store.topic)?.length ?? 0;
    const size = value ? key.length + bytes : 0;
    this.#bytes += size - (this.#sizes.get(key) ?? 0);
    if (value) this.#sizes.set(key, size);
    else this.#sizes.delete(key);
  }

  #hold(record: FlowRecord): void {
    const { spec, topic } = this.#store;
    const key = record.encodedKey.stateKey(spec.key, topic);
    let turn = this.#turnOf.get(key);
    if (turn === undefined) {
      turn = this.rule.until === "timeLimit"
        ? record.timestamp
        : (record.key as Windowed<unknown>).end;
      this.#turnOf.set(key, turn);
      this.#turns.add(timeKey(turn) + key);
    }
    const { encodedValue: value, encodedOld: old } = record;
    const before = this.#store.get(key)?.value.value as Buffered | undefined;
    const prior = before?.prior ?? old;
    const held: Buffered = { turn, value, old, prior, origin: record.origin };
    this.#store.put(key, EncodedValue.of(held), record.timestamp);
    this.#measure(key, value);
    this.#context.drop("buffered", record);
  }

  #release(turnKey: StateKey, trigger: FlowRecord): void {
    const key = turnKey.slice(8);
    const row = this.#store.get(key)!;
    const { value, old, origin } = row.value.value as Buffered;
    // A window that is gone before anybody saw it never was.
    if (!value.isNull || this.rule.until !== "windowCloses") {
      const { spec, topic } = this.#store;
      const encodedKey = EncodedValue.encoded(toBytes(key), spec.key, topic);
      // Those behind still see the prior value while they hear of the new one; as in Kafka Streams.
      this.#context.forward(new FlowRecord(encodedKey, value, row.timestamp, origin, old));
    }
    this.#turns.delete(turnKey);
    this.#turnOf.delete(key);
    this.#measure(key, undefined);
    this.#store.delete(key, trigger.timestamp);
  }

  /** Rebuilds the order after rows came from elsewhere: a changelog, a file, a step back. */
  #catchUp(): void {
    if (this.#revision === this.#store.revision) return;
    this.#revision = this.#store.revision;
    this.#turnOf = new Map();
    this.#sizes.clear();
    this.#bytes = 0;
    for (const [key, row] of this.#store.all()) {
      const { turn, value } = row.value.value as Buffered;
      this.#turnOf.set(key, turn);
      this.#measure(key, value);
    }
    this.#turns = new OrderedKeys([...this.#turnOf].map(([key, turn]) => timeKey(turn) + key));
  }
}

/** Rows as those see them who have not got the updates yet. See: Kafka Streams' `KTableSuppressProcessorSupplier.view` */
export function suppressedGetter(storeName: string, parent: TableGetter): TableGetter {
  return {
    stores: [storeName, ...parent.stores],
    open(context) {
      const store = context.store(storeName);
      const lookup = parent.open(context);
      return (key) => {
        const held = store.get(key.stateKey(store.spec.key, store.topic))?.value.value;
        if (!held) return lookup(key);
        const { prior } = held as Buffered;
        return prior.isNull ? undefined : { value: prior, timestamp: -1 };
      };
    },
  };
}
