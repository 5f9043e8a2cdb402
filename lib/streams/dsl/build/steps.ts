/**
 * Steps of streams that keep nothing: each gives the shape of what comes after it.
 *
 * @module
 */
import { pass } from "../../operators/filter.ts";
import type { Operator } from "../../operators/operator.ts";
import type { Edge } from "../../topology/node.ts";
import type { Serde } from "../../../serde/mod.ts";
import { type Serdes, type Shape, sourcesOf } from "./shape.ts";

/** What a step is. */
export interface Step {
  readonly name?: string | undefined;
  readonly nameIfFree?: string | undefined;
  readonly prefix: string;
  readonly operator: string;
  readonly stores?: readonly string[];
  readonly create: () => Operator;
}

/** Adds a step. */
export function added<K, V>({ graph, edge }: Shape<K, V>, step: Step): Edge {
  return graph.operator({ ...step, parents: [edge] });
}

/** A step after which keys and values are of the same kind. */
export function same<K, V>(shape: Shape<K, V>, step: Step): Shape<K, V> {
  return { ...shape, edge: added(shape, step) };
}

/** A step that makes other values. */
export function withValues<K, V, W>(
  shape: Shape<K, V>,
  step: Step,
  value: Serde<W> | undefined,
): Shape<K, W> {
  return { ...shape, edge: added(shape, step), value: shape.graph.valueSerde(value) };
}

/** A step that may make other keys: what needs equal keys together moves the records first. */
export function rekeyed<K, V, L, W>(
  shape: Shape<K, V>,
  step: Step,
  { key, value }: Serdes<L, W>,
): Shape<L, W> {
  const { graph, sources } = shape;
  return {
    graph,
    sources,
    edge: added(shape, step),
    key: graph.keySerde(key),
    value: graph.valueSerde(value),
    keyChanged: true,
  };
}

/** The records of several streams, in the order they are processed. @throws {TypeError} If they are of two applications */
export function merged<K, V>(
  shapes: readonly [Shape<K, V>, ...Shape<K, V>[]],
  name?: string,
): Shape<K, V> {
  const [first, ...others] = shapes, { graph } = first;
  for (const other of others) graph.mustBeMine("merge streams", other);
  const edge = graph.operator({
    name,
    prefix: "KSTREAM-MERGE",
    operator: "merge",
    parents: shapes.map((shape) => shape.edge),
    readsValue: false,
    create: pass(),
  });
  const keyChanged = shapes.some((shape) => shape.keyChanged);
  return { ...first, edge, sources: sourcesOf(...shapes), keyChanged };
}
