import assert from "node:assert/strict";
import { kafkaSettings } from "../settings/mod.ts";
import { connect } from "./connect.ts";
import { lossyProxy, PRODUCE } from "./lossy_proxy.ts";
import { producer } from "./producer.ts";
import { readAll } from "./read_topic.ts";
import { onKafka } from "./testing.ts";

const record = (number: number) => ({ value: { number } });

for (const awaited of [true, false]) {
  Deno.test(`acknowledged records are in the log once and in order when acknowledgements get lost (sends ${awaited ? "one by one" : "overlapping"})`, () =>
    onKafka(async ({ kafka, topic }) => {
      const of = await topic("lost-acks", 3);
      await using proxy = lossyProxy(
        kafkaSettings().brokers[0]!,
        ({ apiKey, count }) => apiKey === PRODUCE && count % 5 === 0,
      );
      const settings = { brokers: [proxy.broker], local: false, ssl: false };
      await using lossy = await connect({ settings, onNotice: () => {} });
      const out = producer(lossy);
      const sends: Promise<unknown>[] = [];
      for (let number = 0; proxy.lost() < 6; number += 3) {
        const sent = out.send(of, [0, 1, 2].map((i) => record(number + i)));
        sends.push(sent);
        if (awaited) await sent;
        else await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await out.flush();
      const log = await readAll<unknown, { readonly number: number }>(kafka, of);
      const numbers = log.map(({ value }) => value!.number);
      const all = Array.from({ length: sends.length * 3 }, (_, i) => i);
      assert.deepEqual(numbers.toSorted((a, b) => a - b), all, "none lost, none doubled");
      for (const records of Map.groupBy(log, ({ partition }) => partition).values()) {
        const inPartition = records.map(({ value }) => value!.number);
        assert.deepEqual(inPartition, inPartition.toSorted((a, b) => a - b), "in order");
      }
    }));
}
