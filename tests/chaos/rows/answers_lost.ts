import { sleep } from "../../../lib/async/mod.ts";
import { API, type LossyProxy, lossyProxy } from "../../testkit/lossy_proxy.ts";
import { connect, type Kafka, producer, readAll, string } from "../../../lib/kafka/mod.ts";
import { type Anomaly, copyFaults } from "../anomalies.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { stockFaults } from "../stock_writer.ts";

/** So many answers of each kind are lost in a full run, by its rounds together; in a round of a shorter one. */
const IN_ALL = 20, ROUNDS = 4, SMALL = 3;
/** One of so many answers is lost, and one of so many late. */
const LOSE_ONE_OF = 12, DELAY_ONE_OF = 25, DELAY_MS = 200;

/** A wire that loses the answers to what was done, and the connection with them. */
export const answersLost: Row = {
  id: "R6",
  name: "answers-lost",
  about:
    "answers to Fetch, Produce, EndTxn, TxnOffsetCommit, AddOffsets and AddPartitions get lost, cut in half or late: nothing is lost or doubled",
  brokers: 1,
  gate: true,
  rounds: ROUNDS,
  gateRounds: 1,
  inAll: Object.fromEntries(Object.keys(API).map((name) => [`${name} lost`, IN_ALL])),
  run,
  control: {
    about:
      "kafkajs as it comes, sends overlapping, null keys: acknowledged records are lost, others doubled",
    finds: ["lost write", "duplicate"],
    run: stock,
  },
};

/** Whether a lost answer does harm is luck: a few tries. */
async function stock({ cluster }: Trial): Promise<Outcome> {
  const anomalies: Anomaly[] = [];
  let tries = 0;
  while (new Set(anomalies.map(({ kind }) => kind)).size < 2 && tries++ < 10) {
    await using proxy = lossyProxy(
      cluster.brokers[0]!,
      ({ apiKey, count }) => apiKey === API.produce && count % 5 === 0,
    );
    const fault = async () => {
      while (proxy.lost() < 12) await sleep(20);
    };
    const run = { brokers: [proxy.broker], partitions: 3, freePartition: true, fault };
    anomalies.push(...await stockFaults(cluster, run));
  }
  return { anomalies, figures: { tries } };
}

async function run({ cluster, rounds, random, tell }: Trial): Promise<Outcome> {
  const each = rounds < ROUNDS ? SMALL : IN_ALL / ROUNDS;
  const lost = new Map<number, number>(Object.values(API).map((apiKey) => [apiKey, 0]));
  const missing = () => [...lost.values()].some((count) => count < each);
  const told = () => Object.entries(API).map(([name, key]) => `${name} ${lost.get(key)}`).join();
  await using proxy = lossyProxy(cluster.brokers[0]!, ({ apiKey }) => {
    const count = lost.get(apiKey);
    if (count === undefined) return false;
    if (count >= each || random() * LOSE_ONE_OF > 1) return random() * DELAY_ONE_OF < 1 && DELAY_MS;
    lost.set(apiKey, count + 1);
    return true;
  });
  tell(`lose ${each} answers of each kind, one of ${LOSE_ONE_OF}; others ${DELAY_MS} ms late`);
  const written: Anomaly[] = [];
  const result = await echoRun(cluster.kafka, {
    ...{ guarantee: "exactly-once", brokers: [proxy.broker], rate: 1_000 },
    faults: async ({ reader }) => {
      await reader.firstArrival();
      written.push(...await writeThrough(cluster.kafka, proxy, missing));
      if (missing()) throw new Error(`Cannot lose ${each} answers of each kind: ${told()}`);
    },
  });
  const names = Object.entries(API).map(([name, apiKey]) => [`${name} lost`, lost.get(apiKey)!]);
  return {
    anomalies: [...result.anomalies, ...written],
    figures: {
      records: result.records,
      ...Object.fromEntries(names),
      "tasks begun again": result.lost.length,
    },
  };
}

/** One producer waits for each acknowledgement, one does not; no keys, so each chooses its partitions. */
async function writeThrough(
  kafka: Kafka,
  proxy: LossyProxy,
  goesOn: () => boolean,
): Promise<Anomaly[]> {
  const settings = { brokers: [proxy.broker], local: false, ssl: false };
  await using lossy = await connect({ settings, onNotice: () => {} });
  const found = await Promise.all([true, false].map(async (awaited) => {
    const topic = `written.${crypto.randomUUID().slice(0, 8)}`;
    await kafka.topics.create(topic, { partitions: 3 });
    const out = producer(lossy, { key: string, value: string }), sends: Promise<unknown>[] = [];
    let count = 0;
    const deadlineMs = Date.now() + 60_000;
    while (goesOn() && Date.now() < deadlineMs) {
      const sent = out.send(topic, [0, 1, 2].map(() => ({ value: `${count++}` })));
      sends.push(sent);
      if (awaited) await sent;
      await sleep(5);
    }
    await out.flush();
    await Promise.all(sends);
    const log = await readAll(kafka, topic, { key: string, value: string });
    await kafka.topics.delete(topic);
    // A null key goes round: partition p has every third number.
    return [0, 1, 2].flatMap((partition) => {
      const copies = log.filter((one) => one.partition === partition);
      const all = Array.from({ length: count }, (_, i) => `${i}`);
      return copyFaults(
        all.filter((_, i) => i % 3 === partition).map((value) => ({ key: "", value })),
        copies.map(({ value }) => ({ key: "", value: value! })),
      );
    });
  }));
  return found.flat();
}
