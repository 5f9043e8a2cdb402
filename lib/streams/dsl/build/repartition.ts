/**
 * Moving records to the partition of their key.
 *
 * @module
 */
import { withKey } from "../../operators/filter.ts";
import type { StreamRecord } from "../../operators/flow_record.ts";
import type { Serdes, Shape } from "./shape.ts";

/** Options of `repartition`. */
export interface RepartitionOptions<K, V> extends Serdes<K, V> {
  /** How many it gets. @default as many as the topics before it, or as a join needs */
  readonly partitions?: number | undefined;
  /**
   * Chooses the partition of a record; what a join meets has to be moved by the same rule.
   *
   * @default by the key's bytes, as Java clients do
   */
  partition?(record: StreamRecord<K, V>, partitions: number): number;
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
  const { partitions, partition, key = shape.key, value = shape.value } = options;
  const parent = options.dropNullKeys
    ? graph.operator({
      nameIfFree: options.name && `${options.name}-repartition-filter`,
      prefix: "KSTREAM-FILTER",
      operator: "withKey",
      parents: [shape.edge],
      readsValue: false,
      create: withKey(),
    })
    : shape.edge;
  const edge = graph.repartition(parent, name, { key, value, partitions, partition });
  return { graph, edge, sources: [edge.node], key, value, keyChanged: false };
}

/** A stream on the partitions of its key. */
export function placed<K, V>(
  shape: Shape<K, V>,
  options: RepartitionOptions<K, V> & {
    readonly name?: string | undefined;
    readonly dropNullKeys: boolean;
  },
): Shape<K, V> {
  return shape.keyChanged ? repartitioned(shape, options) : shape;
}
