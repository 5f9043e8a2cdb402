import { sleep } from "../../../lib/async/mod.ts";
import { avroSerde, parseSchema, schemaRegistry } from "../../../lib/avro/mod.ts";
import { producer, readAll } from "../../../lib/kafka/mod.ts";
import { app, string, topic } from "../../../lib/streams/mod.ts";
import {
  resetApplication,
  Worker,
  type WorkerEvent,
  type WorkerOptions,
} from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { RegistryRelay } from "../registry_relay.ts";
import type { Outcome, Row, Trial } from "../row.ts";

/** How long the registry is away; half a minute as the first of them. */
const MOODS = [["away", 30_000], ["hung", 7_000], ["500", 7_000], ["html", 7_000]] as const;
const PARTITIONS = 2;

/** R10: the schema registry is away, at the start and in the middle. */
export const registryAway: Row = {
  id: "R10",
  name: "registry-away",
  about:
    "the registry is stopped for 30 s, hangs, answers HTTP 500 and HTML, and is away at the start: known schemas " +
    "go on, new ones wait and pass, it is told within 10 s, nothing is lost",
  brokers: 1,
  registry: true,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run: (trial) => run(trial, MOODS, {}),
  control: {
    about: "no patience, and a policy that skips: a record of a new schema is gone",
    finds: ["lost write"],
    run: (trial) => run(trial, [["500", 7_000]], { retryTimeoutMs: 0 }),
  },
};

interface Numbered {
  readonly n: number;
}

/** One schema after another, all of them new to the worker. */
function schemaOf(name: string) {
  const fields = [{ name: "n", type: "long" }, { name, type: "int", default: 0 }];
  return parseSchema(JSON.stringify({ type: "record", name: "Numbered", fields }));
}

async function run(
  trial: Trial,
  moods: readonly (readonly ["away" | "hung" | "500" | "html", number])[],
  options: WorkerOptions,
): Promise<Outcome> {
  const { cluster: { kafka, registryUrl }, tell } = trial;
  const name = `registry.${crypto.randomUUID().slice(0, 8)}`, anomalies: Anomaly[] = [];
  for (const one of ["in", "out"]) {
    await kafka.topics.create(`${name}.${one}`, { partitions: PARTITIONS });
  }
  await using relay = new RegistryRelay(registryUrl);
  const direct = schemaRegistry({ url: registryUrl });
  const copy = app(name, { onError: { decode: "skip" } });
  copy.stream(topic<string, Numbered>(`${name}.in`, {
    key: string,
    value: avroSerde<Numbered>({ registry: schemaRegistry({ url: relay.url }) }),
    nullable: false,
  })).mapValues(({ n }) => `${n}`).to(topic(`${name}.out`, { key: string, value: string }));
  let sent = 0;
  const send = async (schema: string, partition: number) => {
    const value = avroSerde<Numbered>({ registry: direct, schema: schemaOf(schema) });
    await using out = producer(kafka, { key: string, value });
    await out.send(`${name}.in`, { key: "k", value: { n: sent++ }, partition });
  };
  const copied = async () => (await kafka.topics.endOffsets(`${name}.out`)).reduce((a, b) => a + b);
  const arrive = async (wanted: number, what: string, withinMs: number) => {
    for (const untilMs = Date.now() + withinMs; await copied() < wanted; await sleep(100)) {
      if (Date.now() < untilMs) continue;
      anomalies.push({ kind: "stuck", detail: `${what}: ${await copied()} of ${wanted} copied` });
      return;
    }
  };
  let toldAtMs = Infinity;
  const onEvent = (event: WorkerEvent) => {
    if (event.kind === "waiting") toldAtMs = Math.min(toldAtMs, performance.now());
  };
  const told = (what: string, sinceMs: number) => {
    const ms = toldAtMs - sinceMs;
    if (ms > 10_000) {
      anomalies.push({ kind: "unclear error", detail: `${what}: told after ${ms} ms` });
    }
    toldAtMs = Infinity;
    return Math.round(ms);
  };
  const figures: Record<string, number> = {};
  try {
    tell("away at the start");
    await relay.become("away");
    await send("known", 0);
    const startMs = performance.now();
    const worker = await Worker.start(kafka, copy.topology(), { ...options, onEvent });
    try {
      await sleep(6_000);
      await relay.become("well");
      await arrive(1, "after a start without registry", 20_000);
      figures["told at start, ms"] = told("at the start", startMs);
      for (const [mood, ms] of moods) {
        tell(`${mood} for ${ms / 1_000} s`);
        await relay.become(mood);
        toldAtMs = Infinity;
        const sinceMs = performance.now();
        // On partition 1 a new schema waits, on partition 0 the known one goes on.
        await send(`new_in_${mood}`, 1);
        for (const untilMs = Date.now() + ms; Date.now() < untilMs; await sleep(500)) {
          await send("known", 0);
        }
        await arrive(sent - 1, `known schemas, registry ${mood}`, 5_000);
        figures[`told, ${mood}, ms`] = told(mood, sinceMs);
        await relay.become("well");
        await arrive(sent, `a new schema after ${mood}`, 20_000);
      }
    } finally {
      await worker.stop();
    }
    const out = await readAll(kafka, `${name}.out`, { key: string, value: string });
    const seen = new Map<string, number>();
    for (const { value } of out) seen.set(value!, (seen.get(value!) ?? 0) + 1);
    for (let n = 0; n < sent; n++) {
      const times = seen.get(`${n}`) ?? 0;
      if (times === 0) anomalies.push({ kind: "lost write", detail: `${n} of ${sent}` });
      if (times > 1) anomalies.push({ kind: "duplicate", detail: `${n}: ${times} times` });
    }
    return { anomalies, figures: { records: sent, ...figures } };
  } finally {
    await resetApplication(kafka, name);
    await kafka.topics.delete([`${name}.in`, `${name}.out`]);
    await direct.deleteSubject(`${name}.in-value`, { permanent: true }).catch(() => {});
  }
}
