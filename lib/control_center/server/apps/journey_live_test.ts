import assert from "node:assert/strict";
import { producer } from "../../../kafka/mod.ts";
import { onKafka } from "../../../../tests/testkit/live_kafka.ts";
import type { JourneyPart } from "../../contract.ts";
import { hops } from "../../page/journey_hops.ts";
import { journey } from "./journey.ts";

Deno.test("journey() finds a key's records in every topic, tells which belong together, and follows", () =>
  onKafka(async ({ kafka, topic }) => {
    const rides = await topic("journey-rides"), counts = await topic("journey-counts");
    await using out = producer(kafka);
    const pass = async (timestamp: number) => {
      await out.send(rides, { key: { vendorId: 1 }, value: "ride", timestamp });
      await out.send(rides, { key: { vendorId: 2 }, value: "another", timestamp });
      await out.send(counts, { key: 1, value: timestamp, timestamp });
    };
    await pass(1_000);
    const ended = new AbortController();
    let isLater = false, seen: JourneyPart | undefined;
    const said = (part: JourneyPart) => part.steps.map(({ records }) => records.length);
    await journey(kafka, {
      ...{ key: "1", topics: [rides, counts, "not-there"], signal: ended.signal },
      bySchema: () => () => Promise.resolve({ trouble: "no registry" }),
      onPart: async (part) => {
        seen = part;
        if (part.isRead && !isLater && said(part).join() === "1,1") {
          assert.deepEqual(hops(part), [{ from: [0, 0], to: [1, 0], delayMs: null }]);
          isLater = true;
          await pass(2_000);
        }
        if (said(part).join() === "2,2") ended.abort();
      },
    });
    assert.deepEqual(
      seen!.steps.map((one) => one.topic),
      [rides, counts],
      "what is not there is left out",
    );
    const [, later] = hops(seen!);
    assert.deepEqual([later?.from, later?.to], [[0, 1], [1, 1]]);
    assert.ok(later!.delayMs! >= 0, "both were seen as they came");
  }));
