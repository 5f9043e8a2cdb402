/**
 * What streams and tables know about themselves: a place in the graph, and how their records are written.
 *
 * @module
 */
import type { TableGetter } from "../../operators/table_getter.ts";
import type { Windows } from "../../operators/windows.ts";
import type { Edge } from "../../topology/node.ts";
import type { Serde } from "../../../serde/mod.ts";
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

/** What a table knows about itself besides its place. */
export interface TableShape<K, V> extends Shape<K, V> {
  /** Its store, when it has one of its own. */
  readonly store?: string;
  /** How others look up its rows; without it a store is added when somebody needs one. */
  readonly getter?: TableGetter;
  /** The windows it was counted in. */
  readonly windows?: Windows;
  /** Whether it remembers old values: it is kept with `versionedMs`, or filtered or mapped from such a table. */
  readonly versioned?: boolean;
  /**
   * Asks the nodes before for the values that changes replace; answers whether they come. Without `force` a table
   * that is not looked up may decline. Left out: they always come.
   */
  readonly sendOld?: (force: boolean) => boolean;
  /** Told when somebody looks up rows: then there is a store for certain. */
  readonly onLookup?: () => void;
}

/** A name for an operator. */
export interface Named {
  /**
   * Its name in errors, traces, drawings, metrics and the status topic.
   *
   * @default made up from its place in the topology, as in Kafka Streams: "KSTREAM-FILTER-0000000004"
   */
  readonly name?: string | undefined;
}

/** Serdes for a result. */
export interface Serdes<K, V> {
  /** How keys are written. @default the application's, else json() */
  readonly key?: Serde<K>;
  /** How values are written. @default the application's, else json() */
  readonly value?: Serde<V>;
}

/** Name and serdes of a step whose keys and values are new. */
export interface StepOptions<K, V> extends Serdes<K, V>, Named {}

/** Name and serde of a step whose values are new. */
export interface ValueOptions<V> extends Named {
  /** How values are written. @default the application's, else json() */
  readonly value?: Serde<V>;
}

/**
 * Refuses the result of a function that answers with a promise: records are processed one after another, without
 * waiting. To be intersected with the function's type.
 */
export type AtOnce<R> = Extract<R, PromiseLike<unknown>> extends never ? unknown
  : "This function must answer at once, not with a promise (use an agent where you have to wait)";

/** Splits `(name, options)` where the name may be left out. */
export function nameFirst<O>(
  first: string | O | undefined,
  second: O | undefined,
): { readonly name: string | undefined; readonly options: O | undefined } {
  return typeof first === "string"
    ? { name: first, options: second }
    : { name: undefined, options: first };
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

/** Source nodes of several shapes, each once. */
export function sourcesOf(...shapes: readonly { readonly sources: readonly string[] }[]): string[] {
  return [...new Set(shapes.flatMap(({ sources }) => sources))];
}
