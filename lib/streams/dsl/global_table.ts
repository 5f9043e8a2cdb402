/**
 * Global tables: a whole topic in every process.
 *
 * @module
 */
import type { TableGetter } from "../operators/table_getter.ts";
import type { Serde } from "../../serde/mod.ts";

/** A global table; streams join it by any key, without moving. */
export class GlobalTable<K, V> {
  /** @internal */
  constructor(
    /** Name of its store. */
    readonly name: string,
    /** How keys are read. */
    readonly key: Serde<K>,
    /** How values are read. */
    readonly value: Serde<V>,
    /** @internal */
    readonly getter: TableGetter,
  ) {}
}
