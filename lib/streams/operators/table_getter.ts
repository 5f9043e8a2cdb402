/** Looking up a table's row from another operator. */
import { EncodedValue } from "../state/encoded_value.ts";
import { sessionKey, windowKey } from "../state/layout.ts";
import type { Row } from "../state/row_store.ts";
import { toStateKey } from "../state/state_key.ts";
import type { Windowed, WindowedSerde } from "../topology/windowed_serde.ts";
import { FlowRecord, NOWHERE } from "./flow_record.ts";
import type { OperatorContext } from "./operator.ts";
import type { Derive } from "./table_map.ts";

/** A way to look up rows; `stores` are the stores it needs. */
export interface TableGetter {
  readonly stores: readonly string[];
  open(context: OperatorContext): Lookup;
}

/**
 * The latest row of a key; with `asOfMs`, the row that held at that time, where the table remembers it (a versioned
 * table, filtered and mapped or not). Only a stream that looks up a table gives a time; see KIP-914.
 */
// deno-lint-ignore no-explicit-any
export type Lookup = (key: EncodedValue<any>, asOfMs?: number) => Row | undefined;

/** A row that was looked up, as user functions see it: its own time; where it was read is not known. */
export function rowRecord<K, V>(key: EncodedValue<K>, row: Row): FlowRecord<K, V> {
  return new FlowRecord(key, row.value, row.timestamp, NOWHERE);
}

/** Rows of a key-value store. */
export function storeGetter(storeName: string): TableGetter {
  return {
    stores: [storeName],
    open(context) {
      const store = context.store(storeName);
      return (key) => store.get(key.stateKey(store.spec.key, store.topic));
    },
  };
}

/** Rows of a windowed store, by windowed key. */
export function windowGetter(
  storeName: string,
  serde: WindowedSerde<unknown>,
  options: { readonly session: boolean },
): TableGetter {
  return {
    stores: [storeName],
    open(context) {
      const store = context.store(storeName);
      return (key: EncodedValue<Windowed<unknown>>) => {
        const windowed = key.value!;
        const bare = toStateKey(serde.bareBytes(windowed, store.topic)!);
        const { start, end } = windowed;
        return store.get(options.session ? sessionKey(bare, start, end) : windowKey(bare, start));
      };
    },
  };
}

/** Rows that follow from another table's rows. */
export function derivedGetter(
  parent: TableGetter,
  makeDerive: (context: OperatorContext) => Derive,
  uses: readonly string[],
): TableGetter {
  return {
    stores: [...parent.stores, ...uses],
    open(context) {
      const lookup = parent.open(context), derive = makeDerive(context);
      return (key, asOfMs) => {
        // A rule may make a row of nothing, as transformValues() does: so it is asked for missing rows, too.
        const row = lookup(key, asOfMs) ?? { value: EncodedValue.null, timestamp: -1 };
        const value = derive(row.value, rowRecord(key, row));
        return value.isNull ? undefined : { value, timestamp: row.timestamp };
      };
    },
  };
}
