/**
 * Moving records to the partition of their key.
 *
 * @module
 */
import { pass, withKey } from "../operators/filter.ts";
import type { Serdes, Shape } from "./shape.ts";

/** Options of `repartition`. */
export interface RepartitionOptions<K, V> extends Serdes<K, V> {
  /** How many it gets. @default as many as the topics before it, or as a join needs */
  readonly partitions?: number | undefined;
}

/** Puts a repartition topic behind a stream. */
export function repartitioned<K, V>(
  shape: Shape<K, V>,
  options: RepartitionOptions<K, V> & {
    readonly name?: string | undefined;
    /** Null keys mean nothing to groups and tables, but a left join keeps them. */
    readonly dropNullKeys: boolean;
  },
): Shape<K, V> {
  const { graph } = shape;
  const name = options.name ?? graph.newName("KSTREAM-REPARTITION");
  const key = options.key ?? shape.key, value = options.value ?? shape.value;
  const parent = options.dropNullKeys
    ? graph.operator({
      prefix: "KSTREAM-FILTER",
      operator: "withKey",
      parents: [shape.edge],
      readsValue: false,
      create: withKey(),
    })
    : shape.edge;
  const { partitions } = options;
  const edge = graph.repartition(parent, name, { key, value, partitions }, pass());
  return { graph, edge, sources: [edge.node], key, value, keyChanged: false };
}
