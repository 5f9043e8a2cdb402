/**
 * Where ours differs from Kafka Streams 4.3.1 on purpose, or where it leaves the answer open.
 *
 * Two more are kept out of random scenarios, so that they hide nothing else: results in sessions keep their headers
 * (Kafka Streams loses them), and `emit: "windowClose"` gives a result with its own headers (Kafka Streams gives those
 * of the record that closed the window); and those windows are kept for a day, or Kafka Streams would lose the ones that
 * stream time jumps over.
 *
 * @module
 */
import type { Disagreement } from "./kafka_streams.ts";
import type { Scenario } from "./scenario.ts";

/** A difference that is known, and why it stays. */
export interface ListedDifference {
  readonly name: string;
  readonly reason: string;
  readonly fits: (disagreement: Disagreement, scenario: Scenario) => boolean;
}

/** All of them. */
export const LISTED: readonly ListedDifference[] = [
  {
    name: "turns of tasks",
    reason:
      "TopologyTestDriver runs all sub-topologies as one task. When ours does so, too, it gives " +
      "the same; in a cluster nothing promises an order between tasks",
    fits: ({ kind }) => kind === "turns of tasks",
  },
  {
    name: "null keys and graceMs",
    reason:
      "Kafka Streams stops with a NullPointerException at a null key in a left join that waits; " +
      "ours joins it with null, as a left join that does not wait",
    fits: ({ kind, how }, { topology }) =>
      kind === "they refuse" && how.includes("NullPointerException: key cannot be null") &&
      topology.some(({ op, type, grace }) =>
        op === "tableLookup" && type === "left" && grace !== undefined
      ),
  },
  {
    name: "a named grouping with two results",
    reason:
      "Kafka Streams refuses two results of a grouped stream that has to move and whose topic " +
      "has a name; ours always has one, and lets both results read it",
    fits: ({ kind, how }) =>
      kind === "they refuse" && how.includes("-repartition-filter is already added"),
  },
  {
    name: "a grouping with several results, one of them looked up",
    reason:
      "Kafka Streams refuses a stream's join with one result of a grouping that has others: it " +
      "adds the join before the result's store. Ours adds stores first",
    fits: ({ kind, how }, { topology }) => {
      const store = how.match(/StateStore (\w+) is not added yet/)?.[1];
      const result = topology.find(({ id }) => id === store);
      return kind === "they refuse" && result !== undefined &&
        topology.filter(({ of }) => of === result.of).length > 1;
    },
  },
];
