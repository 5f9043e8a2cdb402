import assert from "node:assert/strict";
import { app, describe, diagram, int64, json, planTopics, string, topic } from "../mod.ts";

const rides = topic("rides", { key: string, value: json<{ vendor: number; fare: number }>() });

function vendorCounts() {
  const counts = app("counts");
  counts.stream(rides).groupBy("vendor", (ride) => ride.vendor, { key: int64 }).count("trips")
    .toStream().to("out");
  return counts.topology();
}

Deno.test("describe() tells sub-topologies, nodes, topics and stores", () => {
  assert.equal(
    describe(vendorCounts()),
    `Topology of counts
  Sub-topology 0
    Source KSTREAM-SOURCE-0000000000 (topic: rides)
      --> KSTREAM-KEY-SELECT-0000000001
    Processor KSTREAM-KEY-SELECT-0000000001 [selectKey]
      --> KSTREAM-FILTER-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor KSTREAM-FILTER-0000000002 [withKey]
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink KSTREAM-SINK-0000000003 (topic: counts-vendor-repartition)
      <-- KSTREAM-FILTER-0000000002
  Sub-topology 1
    Source KSTREAM-SOURCE-0000000004 (topic: counts-vendor-repartition)
      --> KSTREAM-AGGREGATE-0000000005
    Processor KSTREAM-AGGREGATE-0000000005 [count] (stores: trips)
      --> KTABLE-TOSTREAM-0000000006
      <-- KSTREAM-SOURCE-0000000004
    Processor KTABLE-TOSTREAM-0000000006 [toStream]
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000005
    Sink KSTREAM-SINK-0000000007 (topic: out)
      <-- KTABLE-TOSTREAM-0000000006`,
  );
});

Deno.test("diagram() draws topics with their partitions, steps in their sub-topology, and tables", () => {
  const topology = vendorCounts();
  const plan = planTopics(topology, { rides: 2 });
  assert.equal(
    diagram(topology, { plan }),
    `flowchart LR
  subgraph sub0 ["sub-topology 0"]
    KSTREAM_45_KEY_45_SELECT_45_0000000001["selectKey"]
  end
  subgraph sub1 ["sub-topology 1"]
    KSTREAM_45_AGGREGATE_45_0000000005["count"]
    store_32_trips[("trips")]
  end
  topic_32_rides(["rides ×2"]) --> KSTREAM_45_KEY_45_SELECT_45_0000000001
  KSTREAM_45_KEY_45_SELECT_45_0000000001 --> topic_32_counts_45_vendor_45_repartition(["counts-vendor-repartition ×2"])
  topic_32_counts_45_vendor_45_repartition(["counts-vendor-repartition ×2"]) --> KSTREAM_45_AGGREGATE_45_0000000005
  KSTREAM_45_AGGREGATE_45_0000000005 -.- store_32_trips
  KSTREAM_45_AGGREGATE_45_0000000005 --> topic_32_out(["out"])`,
  );
});

Deno.test("diagram() names the ways out of a split", () => {
  const prices = app("prices");
  const { low, rest } = prices.stream(rides).split({ low: (ride) => ride.fare < 40 });
  low.to("low");
  rest.to("high");
  const drawn = diagram(prices.topology());
  assert.match(drawn, /-->\|"low"\| topic_32_low/);
  assert.match(drawn, /-->\|"rest"\| topic_32_high/);
});
