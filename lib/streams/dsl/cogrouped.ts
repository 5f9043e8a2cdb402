/**
 * Several grouped streams that add to one result.
 *
 * @module
 */
import type { Aggregation } from "../operators/aggregate.ts";
import { mustBeWindows, type Windows } from "../operators/windows.ts";
import type { Windowed } from "../topology/windowed_serde.ts";
import type { ResultOptions } from "./build/aggregate.ts";
import { cogroupedResult, cogroupedWindowResult, type Member } from "./build/cogroup.ts";
import type { WindowResultOptions } from "./build/windows.ts";
import type { GroupedStream } from "./grouped_stream.ts";
import type { Table } from "./table.ts";

/** Streams, each with its way of adding. */
export class Cogrouped<K, A> {
  /** @internal */
  constructor(
    /** @internal */
    readonly members: readonly Member<K, A>[],
  ) {}

  /** Lets another stream add to the result. */
  cogroup<V>(
    { grouping }: GroupedStream<K, V>,
    add: Aggregation<K, NonNullable<V>, A>["add"],
  ): Cogrouped<K, A> {
    const { fluent } = grouping.shape.graph;
    return fluent.cogrouped([...this.members, { grouping, add }]);
  }

  /** Cuts the streams into windows, sessions too. */
  windowedBy(windows: Windows): WindowedCogrouped<K, A> {
    const { fluent } = this.members[0]!.grouping.shape.graph;
    return fluent.windowedCogrouped(this.members, mustBeWindows(windows));
  }

  /** Keeps the result per key. */
  aggregate(name: string, init: () => A, options: ResultOptions<A> = {}): Table<K, A> {
    const shape = cogroupedResult(this.members, name, init, options);
    return shape.graph.fluent.table(shape);
  }
}

/** Streams in windows, each with its way of adding. */
export class WindowedCogrouped<K, A> {
  /** @internal */
  constructor(
    /** @internal */
    readonly members: readonly Member<K, A>[],
    /** The windows that it counts in. */
    readonly windows: Windows,
  ) {}

  /**
   * Keeps the result per key and window.
   *
   * @throws {TypeError} If the windows are sessions and `merge` is missing: it joins results that grow together
   */
  aggregate(
    name: string,
    init: () => A,
    options: WindowResultOptions<A> & {
      readonly merge?: (left: A, right: A, key: K) => A;
    } = {},
  ): Table<Windowed<K>, A> {
    const { merge } = options;
    const shape = cogroupedWindowResult(this.members, this.windows, {
      ...{ name, init, options },
      ...(merge ? { merge } : {}),
    });
    return shape.graph.fluent.table(shape);
  }
}
