/** A broker that asks who you are: everything that `KAFKA_USERNAME` and its like promise. TLS needs a certificate and is not here. */
import assert from "node:assert/strict";
import { prepare } from "../lib/cluster/artifacts/prepare.ts";
import { brokerSettings, properties } from "../lib/cluster/broker_settings.ts";
import { kafkaArgs } from "../lib/cluster/java_args.ts";
import { clusterConfig } from "../lib/cluster/mod.ts";
import { connect, consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { end, here } from "../lib/platform/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { app, drain, int64, rowsOf, string, topic, Worker } from "../lib/streams/mod.ts";
import { freshWorld } from "../tasks/_world.ts";
import { until } from "./own_brokers.ts";

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];
const MODULE = "org.apache.kafka.common.security";

/** Gives the port of a broker where ada, and nobody else, may log in, in three ways. */
async function withLogins(use: (port: number) => Promise<void>): Promise<void> {
  const fresh = await freshWorld(), state = fresh.TAXI_STATE!;
  const config = clusterConfig(new Map(Object.entries({ ...Deno.env.toObject(), ...fresh })));
  const { java, kafkaJars: jars } = await prepare(config.folders.cache);
  // The second and third broker's ports are free: there is only one.
  const port = config.ports.kafka + 2, own = brokerSettings(config, { size: 1, n: 1, data: state });
  const jaas = MECHANISMS.map((mechanism) => {
    const module = mechanism === "PLAIN"
      ? `${MODULE}.plain.PlainLoginModule required user_ada="pw";`
      : `${MODULE}.scram.ScramLoginModule required;`;
    return [`listener.name.login.${mechanism.toLowerCase()}.sasl.jaas.config`, module];
  });
  await Deno.writeTextFile(
    `${state}/settings`,
    properties({
      ...own,
      ...Object.fromEntries(jaas),
      "listeners": `${own.listeners},LOGIN://127.0.0.1:${port}`,
      "advertised.listeners": `${own["advertised.listeners"]},LOGIN://localhost:${port}`,
      "listener.security.protocol.map": `${
        own["listener.security.protocol.map"]
      },LOGIN:SASL_PLAINTEXT`,
      "sasl.enabled.mechanisms": MECHANISMS.join(),
      // Old connections must log in again: kafkajs does 10 s before.
      "connections.max.reauth.ms": 11_000,
    }),
  );
  const run = (main: string, args: readonly string[]) =>
    here.spawn(java.command, {
      args: kafkaArgs({ cwd: state, jars, platform: here, main, args }),
      cwd: state,
      input: "piped",
    });
  const logins = MECHANISMS.slice(1).flatMap((mechanism) => [
    "--add-scram",
    `${mechanism}=[name=ada,password=pw]`,
  ]);
  const id = new Uint8Array(16).fill(7).toBase64({ alphabet: "base64url", omitPadding: true });
  const format = ["format", "-t", id, "-c", `${state}/settings`, ...logins];
  const formatted = await run("kafka.tools.StorageTool", format);
  assert.equal((await formatted.exited).code, 0);
  const broker = await run("kafka.Kafka", [`${state}/settings`]);
  try {
    await until("the broker", () =>
      login(port, "PLAIN").then(
        async (kafka) => {
          await kafka.close();
          return true;
        },
        () => undefined,
      ));
    await use(port);
  } finally {
    await end(broker, 15_000);
    await Deno.remove(state, { recursive: true });
  }
}

/** Connects as the environment says. */
function login(port: number, mechanism: string, password = "pw"): Promise<Kafka> {
  const env = new Map(Object.entries({
    KAFKA_BROKERS: `localhost:${port}`,
    KAFKA_USERNAME: "ada",
    KAFKA_PASSWORD: password,
    KAFKA_SASL_MECHANISM: mechanism,
  }));
  return connect({ settings: kafkaSettings(env), onNotice: () => {} });
}

async function countsThrough(kafka: Kafka, source: string): Promise<void> {
  await kafka.topics.create(source, { partitions: 1 });
  const counts = app(`${source}-counts`);
  counts.stream(topic(source, { key: string, value: string })).groupByKey()
    .count("all", { value: int64 });
  await using worker = await Worker.start(kafka, counts.topology(), {
    guarantee: "exactly-once",
  });
  await using out = producer(kafka, { key: string, value: string });
  await out.send(source, [{ key: "a", value: "1" }, { key: "a", value: "2" }]);
  await drain(worker);
  assert.deepEqual([...rowsOf(worker, "all")].map(({ value }) => value), [2]);
  await using reader = await consumer(kafka, {
    group: `${source}-reader`,
    topics: source,
    key: string,
    value: string,
  });
  const seen = await reader.take(2, { timeoutMs: 30_000 });
  assert.deepEqual(seen.map(({ value }) => value), ["1", "2"]);
}

Deno.test("a login opens a broker that asks for one, and without it the error says so", async () => {
  await withLogins(async (port) => {
    for (const mechanism of MECHANISMS) {
      await using kafka = await login(port, mechanism);
      await countsThrough(kafka, `words-${mechanism.toLowerCase()}`);
    }
    const broker = `Cannot reach Kafka at "localhost:${port}":`;
    await assert.rejects(login(port, "SCRAM-SHA-512", "other"), {
      message: `${broker} the log-in was refused (check KAFKA_USERNAME, KAFKA_PASSWORD and ` +
        "KAFKA_SASL_MECHANISM)",
    });
    const settings = kafkaSettings(new Map([["KAFKA_BROKERS", `localhost:${port}`]]));
    await assert.rejects(connect({ settings, onNotice: () => {} }), {
      message: `${broker} something listens there, but it did not answer as Kafka does ` +
        "(Closed connection) (does it need KAFKA_SSL=true, or a log-in: KAFKA_USERNAME and " +
        "KAFKA_PASSWORD?)",
    });
  });
});
