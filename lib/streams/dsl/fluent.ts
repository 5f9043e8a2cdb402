/**
 * The classes that users hold, as the graph makes them. A stream gives groups, groups give tables and tables give
 * streams; so none of the classes imports another one's code, and each module can be imported alone.
 *
 * @module
 */
import type { Windows } from "../operators/windows.ts";
import type { AnyMember } from "./build/cogroup.ts";
import type { Grouping } from "./build/aggregate.ts";
import type { TableGrouping } from "./build/table_groups.ts";
import type { Shape, TableShape } from "./build/shape.ts";
import type { Cogrouped, WindowedCogrouped } from "./cogrouped.ts";
import type { GroupedStream } from "./grouped_stream.ts";
import type { GroupedTable } from "./grouped_table.ts";
import type { Stream } from "./stream.ts";
import type { Table } from "./table.ts";
import type { SessionWindowed, TimeWindowed } from "./windowed_stream.ts";

/** Makes what users hold from shapes. */
export interface Fluent {
  stream<K, V>(shape: Shape<K, V>): Stream<K, V>;
  table<K, V>(shape: TableShape<K, V>): Table<K, V>;
  groupedStream<K, V>(grouping: Grouping<K, V>): GroupedStream<K, V>;
  groupedTable<K, V>(grouping: TableGrouping<K, V>): GroupedTable<K, V>;
  windowed<K, V>(
    grouping: Grouping<K, V>,
    windows: Windows,
  ): TimeWindowed<K, V> | SessionWindowed<K, V>;
  cogrouped<K, A>(members: readonly AnyMember[]): Cogrouped<K, A>;
  windowedCogrouped<K, A>(
    members: readonly AnyMember[],
    windows: Windows,
  ): WindowedCogrouped<K, A>;
}
