/**
 * Global tables: a whole topic in every process.
 *
 * @module
 */
import type { TableGetter } from "../operators/table_getter.ts";
import type { Serde } from "../../serde/mod.ts";
import type { GraphBuilder } from "./build/graph_builder.ts";

/** A global table; streams join it by any key, without moving. */
export class GlobalTable<K, V> {
  /** @internal */
  readonly kind = "globalTable";
  /** Only for its types, so that a worker knows what it is asked for. */
  declare readonly rowType?: readonly [K, V];

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
    /** @internal */
    readonly graph: GraphBuilder,
  ) {}
}
