/**
 * What a stream can be joined with.
 *
 * @module
 */
import { pass } from "../operators/filter.ts";
import type { Mapper } from "../operators/map.ts";
import { type JoinWindows, streamJoinSide } from "../operators/stream_join.ts";
import { type JoinValues, streamTableJoin } from "../operators/stream_table_join.ts";
import type { JoinType, RowJoiner } from "../operators/table_join.ts";
import { waitingSerde } from "../state/waiting_serde.ts";
import type { Serde } from "../../serde/mod.ts";
import type { GlobalTable } from "./global_table.ts";
import { repartitioned } from "./repartition.ts";
import { orJson, type Shape } from "./shape.ts";
import { Stream } from "./stream.ts";
import { type Table, withGetter } from "./table.ts";

/** Makes one value of two. */
export type Joiner<K, V, W, R> = JoinValues<K, V, W, R>;

/** How far apart, how late, and under which name records of two streams are joined. */
export interface StreamJoinOptions<K, R> extends Partial<JoinWindows> {
  /** Right records may be this much older. @default 0 */
  readonly beforeMs?: number;
  /** Right records may be this much newer. @default 0 */
  readonly afterMs?: number;
  /** How long an unmatched record waits for late partners. @default 0 */
  readonly graceMs?: number;
  /** Names the stores, their changelogs, and repartition topics. */
  readonly name?: string;
  /** How keys are written where records are kept or moved. @default json() */
  readonly key?: Serde<K>;
  /** How the joined values are written where they are kept or moved. @default json() */
  readonly value?: Serde<R>;
}

/** A stream on the partitions of its key. */
function placed<K, V>(
  shape: Shape<K, V>,
  name: string | undefined,
  options: { readonly key?: Serde<K>; readonly dropNullKeys: boolean },
): Shape<K, V> {
  return shape.keyChanged ? repartitioned(shape, { name, ...options }) : shape;
}

/** Looks up a table. */
export function joinTable<K, V, W, R>(
  stream: Stream<K, V>,
  other: Table<K, W>,
  joiner: Joiner<K, V, W, R>,
  options: {
    readonly type: "inner" | "left";
    readonly name?: string;
    readonly value?: Serde<R>;
  },
): Stream<K, R> {
  const { table, getter } = withGetter(other);
  const { type, name, value } = options;
  // Equal keys must have equal bytes, or they meet on different partitions: so the table's serde.
  const shape = placed(stream.shape, name, {
    key: table.shape.key,
    dropNullKeys: type === "inner",
  });
  const edge = shape.graph.operator({
    name,
    prefix: type === "left" ? "KSTREAM-LEFTJOIN" : "KSTREAM-JOIN",
    operator: type === "left" ? "leftJoin" : "join",
    parents: [shape.edge],
    stores: getter.stores,
    create: streamTableJoin(getter, { type, joiner }),
  });
  if (type === "left") shape.graph.keepNullKeys(edge);
  const sources = [...new Set([...shape.sources, ...table.shape.sources])];
  shape.graph.copartitioned.push({ node: edge.node, sources });
  return new Stream({ ...shape, edge, sources: shape.sources, value: orJson(value) });
}

/** Looks up a global table by any key. */
export function joinGlobal<K, V, L, W, R>(
  stream: Stream<K, V>,
  table: GlobalTable<L, W>,
  options: {
    readonly type: "inner" | "left";
    readonly keyOf: Mapper<K, V, L | null>;
    readonly joiner: Joiner<K, V, W, R>;
    readonly value?: Serde<R>;
  },
): Stream<K, R> {
  const { shape } = stream;
  const { type, keyOf, joiner, value } = options;
  const edge = shape.graph.operator({
    prefix: type === "left" ? "KSTREAM-LEFTJOIN" : "KSTREAM-JOIN",
    operator: type === "left" ? "leftJoin" : "join",
    parents: [shape.edge],
    stores: table.getter.stores,
    create: streamTableJoin(table.getter, { type, keyOf, joiner }),
  });
  if (type === "left") shape.graph.keepNullKeys(edge);
  return new Stream({ ...shape, edge, value: orJson(value) });
}

/** Joins records of two streams that are close in time. @throws {RangeError} If the window is negative */
export function joinStream<K, V, W, R>(
  left: Stream<K, V>,
  right: Stream<K, W>,
  joiner: Joiner<K, V, W, R>,
  options: StreamJoinOptions<K, R> & { readonly type: JoinType },
): Stream<K, R> {
  const { beforeMs = 0, afterMs = 0, graceMs = 0, type } = options;
  if (!(beforeMs + afterMs >= 0 && graceMs >= 0)) {
    throw new RangeError(
      `Cannot join within ${-beforeMs} to ${afterMs} ms, grace ${graceMs} ms: the window is negative`,
    );
  }
  const { graph } = left.shape;
  const name = options.name ?? graph.newName("KSTREAM-JOIN");
  const dropNullKeys = type === "inner";
  const key = options.key ?? left.shape.key;
  const mine = placed(left.shape, `${name}-left`, { key, dropNullKeys });
  const theirs = placed(right.shape, `${name}-right`, { key, dropNullKeys });
  const stores = joinStores(mine, theirs, {
    name,
    type,
    retentionMs: beforeMs + afterMs + graceMs,
  });
  const join = {
    name,
    type,
    windows: { beforeMs, afterMs, graceMs },
    joiner: joiner as RowJoiner,
    ...stores,
  };
  const all = Object.values(stores);
  const side = (which: "left" | "right", shape: Shape<K, unknown>) =>
    graph.operator({
      prefix: which === "left" ? "KSTREAM-JOINTHIS" : "KSTREAM-JOINOTHER",
      operator: `${type === "inner" ? "" : type + " "}join (${which})`,
      parents: [shape.edge],
      stores: all,
      create: streamJoinSide(which, join),
    });
  const edge = graph.operator({
    prefix: "KSTREAM-MERGE",
    operator: "merge",
    parents: [side("left", mine), side("right", theirs as Shape<K, unknown>)],
    readsValue: false,
    create: pass(),
  });
  if (type !== "inner") graph.keepNullKeys(edge);
  const sources = [...new Set([...mine.sources, ...theirs.sources])];
  graph.copartitioned.push({ node: edge.node, sources });
  return new Stream({ graph, edge, sources, key, value: orJson(options.value), keyChanged: false });
}

function joinStores<K, V, W>(
  left: Shape<K, V>,
  right: Shape<K, W>,
  { name, type, retentionMs }: {
    readonly name: string;
    readonly type: JoinType;
    readonly retentionMs: number;
  },
) {
  const { graph, key } = left;
  const store = (suffix: string, value: Serde<V> | Serde<W>) =>
    graph.store({
      name: `${name}-${suffix}`,
      layout: "join",
      key,
      value,
      logged: true,
      retentionMs,
    });
  const both = {
    leftStore: store("this-join", left.value),
    rightStore: store("other-join", right.value),
  };
  if (type === "inner") return both;
  const unmatchedStore = graph.store({
    name: `${name}-unmatched`,
    layout: "plain",
    key,
    value: waitingSerde(left.value, right.value),
    logged: true,
    internal: true,
  });
  return { ...both, unmatchedStore };
}
