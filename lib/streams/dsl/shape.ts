/**
 * What streams and tables know about themselves.
 *
 * @module
 */
import type { Edge } from "../topology/node.ts";
import { json, type Serde } from "../../serde/mod.ts";
import type { GraphBuilder } from "./graph_builder.ts";

/** A place in the graph, and how its records are written. */
export interface Shape<K, V> {
  readonly graph: GraphBuilder;
  readonly edge: Edge;
  /** Source nodes whose partitions decide where the records are. */
  readonly sources: readonly string[];
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Whether the key may have changed since the last topic: then records may be on the wrong partition. */
  readonly keyChanged: boolean;
}

/** Serdes for a result; JSON where none is named. */
export interface Serdes<K, V> {
  /** How keys are written. @default json() */
  readonly key?: Serde<K>;
  /** How values are written. @default json() */
  readonly value?: Serde<V>;
}

/** Splits `(name, options)` where the name may be left out. */
export function nameFirst<O>(
  first: string | O | undefined,
  second: O | undefined,
): { readonly name: string | undefined; readonly options: O | undefined } {
  return typeof first === "string"
    ? { name: first, options: second }
    : { name: undefined, options: first };
}

/** A serde, or JSON. */
export function orJson<T>(serde: Serde<T> | undefined): Serde<T> {
  return serde ?? json<T>();
}

/**
 * A place in a graph, short enough for a console.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { oneLine } from "./shape.ts";
 * assert.equal(oneLine("Stream", { node: "prices", output: "low" }), 'Stream "prices: low"');
 * ```
 */
export function oneLine(kind: string, { node, output }: Edge): string {
  return `${kind} "${output === undefined ? node : `${node}: ${output}`}"`;
}
