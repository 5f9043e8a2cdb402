/**
 * What a stream can be joined with.
 *
 * @module
 */
import { pass } from "../../operators/filter.ts";
import type { Mapper } from "../../operators/map.ts";
import { type JoinWindows, streamJoinSide } from "../../operators/stream_join.ts";
import {
  bufferedTableJoin,
  type JoinValues,
  streamTableJoin,
} from "../../operators/stream_table_join.ts";
import type { TableGetter } from "../../operators/table_getter.ts";
import type { JoinType, RowJoiner } from "../../operators/table_join.ts";
import { bufferedSerde } from "../../state/buffered_serde.ts";
import { waitingSerde } from "../../state/waiting_serde.ts";
import type { Serde } from "../../../serde/mod.ts";
import { placed } from "./repartition.ts";
import { type Shape, sourcesOf, type TableShape, type ValueOptions } from "./shape.ts";
import { withGetter } from "./tables.ts";

/** Makes one value of two. */
export type Joiner<K, V, W, R> = JoinValues<K, V, W, R>;

/** How a stream joins a table. */
export interface TableLookupOptions<R> extends ValueOptions<R> {
  /**
   * Lets records wait so long, in stream time, for rows of the table that come late; the table must be versioned.
   * Records leave in the order of their times. @default they are joined at once
   */
  readonly graceMs?: number;
}

/** How far apart, how late, and under which name records of two streams are joined. */
export interface StreamJoinOptions<K, R> extends Partial<JoinWindows> {
  /** Right records may be this much older. @default 0 */
  readonly beforeMs?: number;
  /** Right records may be this much newer. @default 0 */
  readonly afterMs?: number;
  /** How long an unmatched record waits for late partners. @default 0 */
  readonly graceMs?: number;
  /** Names the join, its stores, their changelogs, and repartition topics. */
  readonly name?: string;
  /** How keys are written where records are kept or moved. @default as the left stream's */
  readonly key?: Serde<NonNullable<K>>;
  /** How the joined values are written where they are kept or moved. @default the application's, else json() */
  readonly value?: Serde<R>;
}

/** Looks up a table. @throws {TypeError} If records are to wait and the table remembers nothing */
export function tableJoined<K, V, W, R>(
  stream: Shape<K, V>,
  other: TableShape<NonNullable<K>, W>,
  // deno-lint-ignore no-explicit-any
  joiner: Joiner<any, any, any, R>,
  options: TableLookupOptions<R> & { readonly type: "inner" | "left" },
): Shape<K, R> {
  stream.graph.mustBeMine("join streams and tables", other);
  const { table, getter } = withGetter(other);
  const { type, name, value, graceMs } = options;
  // Equal keys must have equal bytes, or they meet on different partitions: so the table's serde.
  const key = table.key as unknown as Serde<K>;
  const shape = placed(stream, { name, key, dropNullKeys: type === "inner" });
  const { graph } = shape;
  const buffer = graceMs === undefined
    ? undefined
    : lookupBuffer(shape, { name: name ?? graph.newName("KSTREAM-JOIN"), graceMs, table });
  const edge = graph.operator({
    name,
    prefix: type === "left" ? "KSTREAM-LEFTJOIN" : "KSTREAM-JOIN",
    operator: type === "left" ? "leftJoin" : "join",
    parents: [shape.edge],
    stores: buffer ? [buffer, ...getter.stores] : getter.stores,
    create: buffer
      ? bufferedTableJoin(getter, { type, joiner, buffer, graceMs: graceMs! })
      : streamTableJoin(getter, { type, joiner }),
  });
  if (type === "left") graph.keepNullKeys(edge);
  graph.copartitioned.push({ node: edge.node, sources: sourcesOf(shape, table) });
  return { ...shape, edge, value: graph.valueSerde(value) };
}

function lookupBuffer<K, V>(
  { graph, key, value }: Shape<K, V>,
  { name, graceMs, table }: {
    readonly name: string;
    readonly graceMs: number;
    readonly table: { readonly versioned?: boolean };
  },
): string {
  if (!table.versioned) {
    throw new TypeError(
      `Cannot wait for late rows in "${name}": the table does not remember what held before (give it versionedMs)`,
    );
  }
  if (!(graceMs >= 0)) {
    throw new RangeError(
      `Cannot wait for late rows in "${name}" for ${graceMs} ms: it is negative`,
    );
  }
  return graph.store({
    ...{ name: `${name}-buffer`, layout: "plain", key, value: bufferedSerde(value), logged: true },
    internal: true,
  });
}

/** Looks up a global table by any key. */
export function globalJoined<K, V, L, R>(
  stream: Shape<K, V>,
  table: { readonly getter: TableGetter; readonly graph: Shape<K, V>["graph"] },
  options: ValueOptions<R> & {
    readonly type: "inner" | "left";
    // deno-lint-ignore no-explicit-any
    readonly keyOf: Mapper<any, any, L | null>;
    // deno-lint-ignore no-explicit-any
    readonly joiner: Joiner<any, any, any, R>;
  },
): Shape<K, R> {
  stream.graph.mustBeMine("join streams and tables", table);
  const { type, keyOf, joiner, value, name } = options;
  const { graph } = stream;
  const edge = graph.operator({
    name,
    prefix: type === "left" ? "KSTREAM-LEFTJOIN" : "KSTREAM-JOIN",
    operator: type === "left" ? "leftJoin" : "join",
    parents: [stream.edge],
    stores: table.getter.stores,
    create: streamTableJoin(table.getter, { type, keyOf, joiner }),
  });
  if (type === "left") graph.keepNullKeys(edge);
  return { ...stream, edge, value: graph.valueSerde(value) };
}

/** Joins records of two streams that are close in time. @throws {RangeError} If the window is negative */
export function streamsJoined<K, V, L, W, R>(
  left: Shape<K, V>,
  right: Shape<L, W>,
  // deno-lint-ignore no-explicit-any
  joiner: Joiner<any, any, any, R>,
  options: StreamJoinOptions<K, R> & { readonly type: JoinType },
): Shape<K, R> {
  const { beforeMs = 0, afterMs = 0, graceMs = 0, type } = options, { graph } = left;
  graph.mustBeMine("join streams", right);
  if (!(beforeMs + afterMs >= 0 && graceMs >= 0)) {
    throw new RangeError(
      `Cannot join within ${-beforeMs} to ${afterMs} ms, grace ${graceMs} ms: the window is negative`,
    );
  }
  const name = options.name ?? graph.newName("KSTREAM-JOIN");
  const dropNullKeys = type === "inner";
  const key = (options.key ?? left.key) as Serde<K>, theirKey = key as unknown as Serde<L>;
  const mine = placed(left, { name: `${name}-left`, key, dropNullKeys });
  const theirs = placed(right, { name: `${name}-right`, key: theirKey, dropNullKeys });
  const retentionMs = beforeMs + afterMs + graceMs;
  const stores = joinStores(mine, theirs, { name, type, retentionMs });
  const windows = { beforeMs, afterMs, graceMs };
  const join = { name, type, windows, joiner: joiner as RowJoiner, ...stores };
  const side = (which: "left" | "right", parent: Shape<K, V>["edge"]) =>
    graph.operator({
      nameIfFree: options.name && `${name}-${which}`,
      prefix: which === "left" ? "KSTREAM-JOINTHIS" : "KSTREAM-JOINOTHER",
      operator: `${type === "inner" ? "" : type + " "}join (${which})`,
      parents: [parent],
      stores: Object.values(stores),
      create: streamJoinSide(which, join),
    });
  const edge = graph.operator({
    name: options.name,
    prefix: "KSTREAM-MERGE",
    operator: "merge",
    parents: [side("left", mine.edge), side("right", theirs.edge)],
    readsValue: false,
    create: pass(),
  });
  if (type !== "inner") graph.keepNullKeys(edge);
  const sources = sourcesOf(mine, theirs);
  graph.copartitioned.push({ node: edge.node, sources });
  return { graph, edge, sources, key, value: graph.valueSerde(options.value), keyChanged: false };
}

function joinStores<K, V, L, W>(
  left: Shape<K, V>,
  right: Shape<L, W>,
  { name, type, retentionMs }: {
    readonly name: string;
    readonly type: JoinType;
    readonly retentionMs: number;
  },
) {
  const { graph, key } = left;
  const store = (suffix: string, value: Serde<V> | Serde<W>) =>
    graph.store({
      ...{ name: `${name}-${suffix}`, layout: "join", key, value, logged: true, retentionMs },
    });
  const both = {
    leftStore: store("this-join", left.value),
    rightStore: store("other-join", right.value),
  };
  if (type === "inner") return both;
  const value = waitingSerde(left.value, right.value);
  const unmatchedStore = graph.store({
    ...{ name: `${name}-unmatched`, layout: "plain", key, value, logged: true, internal: true },
  });
  return { ...both, unmatchedStore };
}
