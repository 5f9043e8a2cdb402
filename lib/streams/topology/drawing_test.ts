import assert from "node:assert/strict";
import { app, describe, diagram, int64, json, string, topic } from "../mod.ts";
import { planTopics } from "./plan.ts";

const rides = topic("rides", {
  key: string,
  value: json<{ vendor: number; fare: number }>(),
  nullable: false,
});

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
      --> vendor-select
    Processor vendor-select [selectKey]
      --> vendor-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor vendor-repartition-filter [withKey]
      --> KSTREAM-SINK-0000000003
      <-- vendor-select
    Sink KSTREAM-SINK-0000000003 (topic: counts-vendor-repartition)
      <-- vendor-repartition-filter
  Sub-topology 1
    Source KSTREAM-SOURCE-0000000004 (topic: counts-vendor-repartition)
      --> trips
    Processor trips [count] (stores: trips)
      --> KTABLE-TOSTREAM-0000000006
      <-- KSTREAM-SOURCE-0000000004
    Processor KTABLE-TOSTREAM-0000000006 [toStream]
      --> KSTREAM-SINK-0000000007
      <-- trips
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
    vendor_45_select["selectKey"]
  end
  subgraph sub1 ["sub-topology 1"]
    trips["count"]
    store_32_trips[("trips")]
  end
  topic_32_rides(["rides ×2"]) --> vendor_45_select
  vendor_45_select --> topic_32_counts_45_vendor_45_repartition(["counts-vendor-repartition ×2"])
  topic_32_counts_45_vendor_45_repartition(["counts-vendor-repartition ×2"]) --> trips
  trips -.- store_32_trips
  trips --> topic_32_out(["out"])`,
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
