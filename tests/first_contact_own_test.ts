/** What is wrong with the Kafka that is named: each command says it in one line within four seconds. */
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { fileURLToPath } from "node:url";
import type { Finding } from "../lib/cluster/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { wireKafka } from "./testkit/wire_kafka.ts";
import { start } from "./worker_cases.ts";

const testdata = fileURLToPath(new URL("../lib/kafka/client/testdata/", import.meta.url));
const certificate = (name: string) => ({
  cert: Deno.readTextFileSync(`${testdata}${name}.pem`),
  key: Deno.readTextFileSync(`${testdata}${name}.key`),
});
const KAFKA_SSL_CA = `${testdata}ca.pem`;

/** What listens, how it is asked, and what is said behind its address. */
interface Case {
  readonly KAFKA_BROKERS: string;
  readonly env: Readonly<Record<string, string>>;
  readonly says: string;
}

async function withCases(use: (cases: readonly Case[]) => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const kafka = async (options: Parameters<typeof wireKafka>[0]) =>
    stack.use(await wireKafka(options)).address;
  const sockets = new Set<net.Socket>(), silent = net.createServer((one) => void sockets.add(one));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  stack.defer(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const login = { KAFKA_USERNAME: "ada", KAFKA_PASSWORD: "pv" };
  await use([
    {
      KAFKA_BROKERS: await kafka({ password: "pw" }),
      env: login,
      says: "the log-in was refused " +
        "(check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM)",
    },
    {
      KAFKA_BROKERS: await kafka({}),
      env: { KAFKA_SSL: "true" },
      says: "it does not speak TLS (unset KAFKA_SSL, or name its TLS port)",
    },
    {
      KAFKA_BROKERS: await kafka({ tls: certificate("localhost") }),
      env: {},
      says: "it speaks TLS (set KAFKA_SSL=true)",
    },
    {
      KAFKA_BROKERS: await kafka({
        tls: { ...certificate("localhost"), ca: Deno.readTextFileSync(KAFKA_SSL_CA) },
      }),
      env: { KAFKA_SSL_CA },
      says: "it asks for a client's certificate " +
        "(name it and its key in KAFKA_SSL_CERT and KAFKA_SSL_KEY)",
    },
    {
      KAFKA_BROKERS: await kafka({ tls: certificate("other.example") }),
      env: { KAFKA_SSL_CA },
      says: "its certificate is for another name (Hostname/IP does not match certificate's " +
        "altnames: Host: localhost. is not in the cert's altnames: DNS:other.example) " +
        "(name the broker in KAFKA_BROKERS as its certificate does)",
    },
    {
      KAFKA_BROKERS: `localhost:${(silent.address() as net.AddressInfo).port}`,
      env: {},
      // The limit that it says is what was waited: no clock decides here.
      says: "something listens there, but has not answered within 3 s (is KAFKA_BROKERS right?)",
    },
  ]);
}

async function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { code, stdout, stderr } = await start(env, ...args).output();
  const linesOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split("\n");
  return { code, stdout: linesOf(stdout), stderr: linesOf(stderr) };
}

Deno.test("each command says in one line what is wrong with the Kafka that is named", async () => {
  const state = await Deno.makeTempDir({ prefix: "taxi-test-" });
  const { cache } = folders();
  await withCases((cases) =>
    Promise.all(cases.map(async ({ KAFKA_BROKERS, env, says }) => {
      const all = {
        ...{ TAXI_STATE: state, TAXI_CACHE: cache, SCHEMA_REGISTRY_URL: "http://localhost:1" },
        ...{ KAFKA_BROKERS, ...env },
      };
      const sentence = `Cannot reach Kafka at "${KAFKA_BROKERS}": ${says}`;
      const doctor = await run(all, "doctor", "--json");
      const found = doctor.stdout.map((line) => JSON.parse(line) as Finding);
      const kafka = found.filter(({ topic }) => topic === "brokers" || topic === "rights");
      const told = kafka.map(({ ok, says, fix }) => [ok, `${says} (${fix})`]);
      assert.deepEqual([doctor.code, told], [1, [[false, sentence]]]);
      const consumer = await run(all, "consumer", "--max", "1");
      assert.deepEqual([consumer.code, consumer.stderr], [1, [`✗ ${sentence}`]]);
    })).then(() => {})
  );
  await Deno.remove(state, { recursive: true });
});
