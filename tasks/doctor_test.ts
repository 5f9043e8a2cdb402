/** The doctor's table: each broken set-up is found, and the fix that it names makes it whole. */
import assert from "node:assert/strict";
import net from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clusterConfig, diagnose, type Finding } from "../lib/cluster/mod.ts";
import { freePorts } from "../tests/free_ports.ts";
import { type WireKafka, wireKafka } from "../tests/testkit/wire_kafka.ts";
import { askKafka } from "./_ask_kafka.ts";
import { askRegistry } from "./_ask_registry.ts";

type Variables = Readonly<Record<string, string>>;

/** A cluster that is not started, apart from what a row sets. */
const NOWHERE = {
  TAXI_STATE: join(tmpdir(), "taxi-doctor-nowhere"),
  TAXI_KAFKA_PORT: `${freePorts(2)}`,
};

/** A set-up with something wrong: which finding tells, what it says with its fix, and what following the fix leads to. */
interface Row {
  readonly name: string;
  readonly topic: string;
  readonly env: Variables;
  /** `…` stands for an address, a path or a process of this machine. */
  readonly says: string;
  /** What is then set, beside or in place of the others; undefined unsets. */
  readonly fixed: Readonly<Record<string, string | undefined>>;
  /** How much the disk still takes, before and after. */
  readonly freeBytes?: readonly [before: number, after: number];
  /** How long what never answers is waited for. @default as long as it takes */
  readonly answerTimeoutMs?: number;
}

const testdata = fileURLToPath(new URL("../lib/kafka/client/testdata/", import.meta.url));
const certificate = (name: string) => ({
  cert: Deno.readTextFileSync(`${testdata}${name}.pem`),
  key: Deno.readTextFileSync(`${testdata}${name}.key`),
});
const CA = `${testdata}ca.pem`;

/** Servers and folders that the rows are about. */
async function withSetUps(use: (rows: readonly Row[]) => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  // Somebody may well listen at port 1: not at these.
  const free = freePorts(2), nobody = `localhost:${free + 1}`;
  const kafka = async (options: Parameters<typeof wireKafka>[0] = {}): Promise<WireKafka> =>
    stack.use(await wireKafka(options));
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const [good, login, tls, asksBack, other, halfThere, old, closed] = await Promise.all([
    kafka(),
    kafka({ password: "pw" }),
    kafka({ tls: certificate("localhost") }),
    kafka({ tls: { ...certificate("localhost"), ca: Deno.readTextFileSync(CA) } }),
    kafka({ tls: certificate("other.example") }),
    kafka({ others: [nobody] }),
    kafka({ versions: { 1: 3 } }),
    kafka({ mayNotSee: true }),
  ]);
  const half = net.createServer((socket) => void socket.on("error", () => {}));
  const sockets = new Set<net.Socket>();
  half.on("connection", (socket: net.Socket) => sockets.add(socket));
  half.listen(0, "127.0.0.1");
  await once(half, "listening");
  stack.defer(() => {
    for (const socket of sockets) socket.destroy();
    half.close();
  });
  const registry = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const login = request.headers.get("authorization");
    if (login === null) return Response.json({ error_code: 401, message: "who?" }, { status: 401 });
    if (login === `Basic ${btoa("eve:pw")}`) {
      return Response.json({ error_code: 40301, message: "not you" }, { status: 403 });
    }
    const known = login === `Basic ${btoa("ada:pw")}`;
    return Response.json(known ? { compatibilityLevel: "FULL" } : {}, {
      status: known ? 200 : 401,
    });
  });
  stack.defer(() => registry.shutdown());
  const elsewhere = [
    await kafka({ advertised: nobody }),
    await kafka({ advertised: `localhost:${registry.addr.port}` }),
  ] as const;
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  stack.defer(() => void taken.close());
  const takenPort = (taken.address() as net.AddressInfo).port;
  const halfPort = (half.address() as net.AddressInfo).port;
  const registryUrl = `http://localhost:${registry.addr.port}`;
  const brokers = (one: WireKafka) => ({ KAFKA_BROKERS: one.address });
  const cannot = 'Cannot reach Kafka at "…": ';
  const rows: Row[] = [
    {
      name: "nothing listens at the address",
      topic: "brokers",
      env: { KAFKA_BROKERS: nobody },
      says: `${cannot}connection refused → is KAFKA_BROKERS right?`,
      fixed: brokers(good),
    },
    {
      name: "the address is of a web server",
      topic: "brokers",
      env: { KAFKA_BROKERS: `localhost:${registry.addr.port}` },
      says: `${cannot}it speaks HTTP, not Kafka's protocol → is KAFKA_BROKERS right?`,
      fixed: brokers(good),
    },
    {
      name: "the broker sends us to another address, where nothing is",
      topic: "brokers",
      env: brokers(elsewhere[0]),
      says: `${cannot}it says that its broker is at "…", and there: connection refused → ` +
        "set its advertised.listeners to an address that this machine can reach",
      fixed: brokers(good),
    },
    {
      name: "the broker sends us to another address, where something else is",
      topic: "brokers",
      env: brokers(elsewhere[1]),
      says: `${cannot}it says that its broker is at "…", and there: it speaks HTTP, not ` +
        "Kafka's protocol → set its advertised.listeners to an address that this machine can reach",
      fixed: brokers(good),
    },
    {
      name: "one of several brokers is not there",
      topic: "brokers",
      env: brokers(halfThere),
      says: 'Cannot reach each broker: one of 2 says that it is at "…", and there is no answer → ' +
        "start it, or set its advertised.listeners to an address that this machine can reach",
      fixed: brokers(good),
    },
    {
      name: "the password is wrong",
      topic: "brokers",
      env: { ...brokers(login), KAFKA_USERNAME: "ada", KAFKA_PASSWORD: "pv" },
      says: `${cannot}the log-in was refused → ` +
        "check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM",
      fixed: { KAFKA_PASSWORD: "pw" },
    },
    {
      name: "the broker does not know that way to log in",
      topic: "brokers",
      env: {
        ...brokers(login),
        KAFKA_USERNAME: "ada",
        KAFKA_PASSWORD: "pw",
        KAFKA_SASL_MECHANISM: "scram-sha-256",
      },
      says: `${cannot}it knows no log-in by scram-sha-256 → ` +
        "set KAFKA_SASL_MECHANISM to one that it knows",
      fixed: { KAFKA_SASL_MECHANISM: "plain" },
    },
    {
      name: "there is no log-in where one is needed",
      topic: "brokers",
      env: brokers(login),
      says: `${cannot}something listens there, and closes the connection → ` +
        "does it need KAFKA_SSL=true, or a log-in: KAFKA_USERNAME and KAFKA_PASSWORD?",
      fixed: { KAFKA_USERNAME: "ada", KAFKA_PASSWORD: "pw" },
    },
    {
      name: "there is a log-in where none is taken",
      topic: "brokers",
      env: { ...brokers(good), KAFKA_USERNAME: "ada", KAFKA_PASSWORD: "pw" },
      says: `${cannot}it takes no log-in → ` +
        "unset KAFKA_USERNAME, or name the port that takes one",
      fixed: { KAFKA_USERNAME: undefined, KAFKA_PASSWORD: undefined },
    },
    {
      name: "TLS is spoken to a port without it",
      topic: "brokers",
      env: { ...brokers(good), KAFKA_SSL: "true" },
      says: `${cannot}it does not speak TLS → unset KAFKA_SSL, or name its TLS port`,
      fixed: { KAFKA_SSL: undefined },
    },
    {
      name: "no TLS is spoken to a port that wants it",
      topic: "brokers",
      env: { ...brokers(tls), KAFKA_SSL_CA: "" },
      says: `${cannot}it speaks TLS → set KAFKA_SSL=true`,
      fixed: { KAFKA_SSL: "true", KAFKA_SSL_CA: CA },
    },
    {
      name: "the authority of the certificate is not known",
      topic: "brokers",
      env: { ...brokers(tls), KAFKA_SSL: "true" },
      says:
        `${cannot}its certificate is not trusted here (unable to verify the first certificate)` +
        " → name the file of who signed it in KAFKA_SSL_CA",
      fixed: { KAFKA_SSL_CA: CA },
    },
    {
      name: "the file of the authority is not there",
      topic: "brokers",
      env: { ...brokers(tls), KAFKA_SSL_CA: `${folder}/ca.pem` },
      says: `${cannot}the file "…" cannot be read: there is no such file → ` +
        "KAFKA_SSL_CA or DENO_CERT names it",
      fixed: { KAFKA_SSL_CA: CA },
    },
    {
      name: "the certificate is for another name",
      topic: "brokers",
      env: { ...brokers(other), KAFKA_SSL_CA: CA },
      says: `${cannot}its certificate is for another name (Hostname/IP does not match ` +
        "certificate's altnames: Host: localhost. is not in the cert's altnames: " +
        "DNS:other.example) → name the broker in KAFKA_BROKERS as its certificate does",
      // A name that this machine does not have cannot be tried.
      fixed: brokers(tls),
    },
    {
      name: "the broker asks for a client's certificate",
      topic: "brokers",
      env: { ...brokers(asksBack), KAFKA_SSL_CA: CA },
      says: `${cannot}it asks for a client's certificate → ` +
        "name it and its key in KAFKA_SSL_CERT and KAFKA_SSL_KEY",
      fixed: {
        KAFKA_SSL_CERT: `${testdata}localhost.pem`,
        KAFKA_SSL_KEY: `${testdata}localhost.key`,
      },
    },
    {
      name: "a port takes connections and never answers",
      topic: "brokers",
      env: { KAFKA_BROKERS: `localhost:${halfPort}` },
      says:
        `${cannot}something listens there, but has not answered within 0.5 s → is KAFKA_BROKERS right?`,
      fixed: brokers(good),
      answerTimeoutMs: 500,
    },
    {
      name: "the broker is too old to be read",
      topic: "brokers",
      env: brokers(old),
      says:
        "… answers, speaking the protocol of Kafka before 2.7; it cannot be read; no topic ids: " +
        "a topic that is made again under a reader is noticed only when it is shorter → " +
        "name a Kafka of 2.8 or newer in KAFKA_BROKERS",
      fixed: brokers(good),
    },
    {
      name: "the user may do nothing",
      topic: "rights",
      env: brokers(closed),
      says: 'Cannot write to topic "demo_1": this user needs Write on topic "demo_1" → grant it',
      // As if it had been granted meanwhile.
      fixed: brokers(good),
    },
    {
      name: "the registry is away",
      topic: "registry",
      env: { SCHEMA_REGISTRY_URL: `http://${nobody}` },
      says: 'Cannot reach the schema registry at "…": connection refused → ' +
        "is SCHEMA_REGISTRY_URL right?",
      fixed: { SCHEMA_REGISTRY_URL: `http://ada:pw@localhost:${registry.addr.port}` },
    },
    {
      name: "the registry asks for a log-in",
      topic: "registry",
      env: { SCHEMA_REGISTRY_URL: registryUrl },
      says: 'Cannot read the compatibility mode: the registry at "…" refused the login, ' +
        "HTTP 401 → set SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD",
      fixed: { SCHEMA_REGISTRY_USERNAME: "ada", SCHEMA_REGISTRY_PASSWORD: "pw" },
    },
    {
      name: "the log-in of the registry is wrong",
      topic: "registry",
      env: {
        SCHEMA_REGISTRY_URL: registryUrl,
        SCHEMA_REGISTRY_USERNAME: "ada",
        SCHEMA_REGISTRY_PASSWORD: "pv",
      },
      says: 'Cannot read the compatibility mode: the registry at "…" refused the login, ' +
        "HTTP 401 → check SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD",
      fixed: { SCHEMA_REGISTRY_PASSWORD: "pw" },
    },
    {
      name: "the user of the registry may not read it",
      topic: "registry",
      env: {
        SCHEMA_REGISTRY_URL: registryUrl,
        SCHEMA_REGISTRY_USERNAME: "eve",
        SCHEMA_REGISTRY_PASSWORD: "pw",
      },
      says: 'Cannot read the compatibility mode: the registry at "…" does not allow it to this ' +
        "user, HTTP 403: not you → have the right granted to the user of SCHEMA_REGISTRY_USERNAME",
      fixed: { SCHEMA_REGISTRY_USERNAME: "ada" },
    },
    {
      name: "the disk is full",
      topic: "disk",
      env: {},
      says: "0.1 GB free → free at least 500 MB, or set TAXI_STATE and TAXI_CACHE to another disk",
      fixed: {},
      freeBytes: [100e6, 900e6],
    },
    {
      name: "the state folder is no folder",
      topic: "state folder",
      env: { TAXI_STATE: `${folder}/file` },
      says: '"…": it is not a folder → set TAXI_STATE to a folder',
      fixed: { TAXI_STATE: `${folder}/state` },
    },
    {
      name: "a port is taken",
      topic: "port TAXI_KAFKA_PORT",
      env: { TAXI_KAFKA_PORT: `${takenPort}` },
      says: "taken …, wanted for broker 1 → end that process, or set TAXI_KAFKA_PORT",
      fixed: { TAXI_KAFKA_PORT: `${free}` },
    },
  ];
  await Deno.writeTextFile(`${folder}/file`, "");
  await use(rows);
}

/** Asks what the row is about, as the doctor does. */
async function look(row: Row, set: Readonly<Record<string, string | undefined>>, after: 0 | 1) {
  const { topic, freeBytes } = row, fixed = after === 1;
  const env = new Map(Object.entries(set).filter((one): one is [string, string] => !!one[1]));
  const patience = { answerTimeoutMs: fixed ? 60_000 : row.answerTimeoutMs ?? 60_000 };
  const found = topic === "registry"
    ? await askRegistry(env, patience)
    : ["brokers", "rights"].includes(topic)
    ? await askKafka(env, patience)
    : await diagnose({
      config: clusterConfig(env),
      ...(freeBytes && { freeBytes: () => Promise.resolve(freeBytes[after]) }),
    });
  return found.find((one) =>
    one.topic === topic.replace("TAXI_KAFKA_PORT", env.get("TAXI_KAFKA_PORT")!)
  );
}

/** One line of the doctor, without what differs from run to run. */
function told({ says, fix }: Finding): string {
  return `${says} → ${fix}`.replaceAll(/"[^"]*(?:localhost:|\/)[^"]*"|\/[^: ]*(?=:)/g, '"…"')
    .replace(/^localhost:\d+/, "…").replace(/by .*, wanted/, "…, wanted");
}

Deno.test("the doctor finds each broken set-up, and what it advises makes it whole", async () => {
  await withSetUps(async (rows) => {
    const found = await Promise.all(rows.map(async (row) => {
      const broken = await look(row, { ...NOWHERE, ...row.env }, 0);
      const fixed = await look(row, { ...NOWHERE, ...row.env, ...row.fixed }, 1);
      return [row.name, told(broken!), broken!.ok, fixed!.ok];
    }));
    assert.deepEqual(found, rows.map(({ name, says }) => [name, says, false, true]));
  });
});

Deno.test("deno task doctor asks the brokers and the registry of the environment, and fails", async () => {
  await using kafka = await wireKafka({ password: "pw" });
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tasks/doctor.ts", "--json"],
    env: {
      ...NOWHERE,
      KAFKA_BROKERS: kafka.address,
      KAFKA_USERNAME: "ada",
      KAFKA_PASSWORD: "pv",
      SCHEMA_REGISTRY_URL: `http://localhost:${freePorts(1)}`,
    },
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const findings = lines.map((line) => JSON.parse(line) as Finding);
  const about = (name: string) =>
    findings.filter(({ topic }) => topic === name).map(({ ok }) => ok);
  assert.deepEqual([code, about("brokers"), about("registry")], [1, [false], [false]]);
});
