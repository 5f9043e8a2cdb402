/**
 * The README's table of rights: each program works with exactly its rights, and with one less it says which is missing.
 * Each command says it to a user without any.
 */
import assert from "node:assert/strict";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka as KafkaJS,
  logLevel,
  ResourcePatternTypes,
} from "kafkajs";
import type { Finding } from "../lib/cluster/mod.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { startControlCenter } from "../lib/control_center/mod.ts";
import { connect, consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { folders, kafkaSettings, registrySettings } from "../lib/settings/mod.ts";
import { app, int64, string, topic } from "../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../lib/streams/runtime/mod.ts";
import { login, withLogins } from "./login_broker.ts";
import { until } from "./own_brokers.ts";
import { type Environment, start } from "./worker_cases.ts";

/** What a user may do. */
interface Right {
  readonly operation: string;
  readonly resource: "topic" | "group" | "transactional id";
  /** A prefix where it ends in `*`. */
  readonly name: string;
}

/** A user with the rights of a program, or all but one. */
interface User {
  readonly name: string;
  readonly program: string;
  readonly rights: readonly Right[];
  readonly lacks: Right | undefined;
}

const ASKING_FOR_RIGHTS = {
  "connections.max.reauth.ms": "0",
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "super.users": "User:ANONYMOUS;User:ada",
};

const RESOURCES = ["topic", "group", "transactional id"] as const;

/** Program -> the rights that the README says it needs, beside the worker's where it is a worker. */
async function rightsOfReadme(): Promise<ReadonlyMap<string, readonly Right[]>> {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const rows = readme.split("| transactional ids |\n")[1]!.split("\n").slice(1);
  const table = rows.slice(0, rows.indexOf("")).map((row) => row.split("|").slice(1, -1));
  return new Map(table.map(([program, ...cells]) => [program!.trim(), cells.flatMap(rightsOf)]));
}

function rightsOf(cell: string, column: number): Right[] {
  return cell.split(";").map((one) => one.trim()).filter((one) => one !== "").flatMap((one) => {
    const [, operations, name] = one.match(/^([\w, ]+) on `(.+)`$/)!;
    return operations!.split(", ").map((operation) => (
      { operation, resource: RESOURCES[column]!, name: name! }
    ));
  });
}

/** One with all rights of each program, one without each that its row adds, and one with none. */
function usersOf(table: ReadonlyMap<string, readonly Right[]>): User[] {
  return [...table].flatMap(([program, added], row) => {
    const all = program.endsWith("also") ? [...table.get("worker")!, ...added] : added;
    const user = (n: number, lacks?: Right): User => {
      const name = `user-${row}-${n}`;
      const mine = (right: Right) => ({
        ...right,
        name: right.name.replace(/<app id>|<group>/, name).replaceAll(/[<>]/g, ""),
      });
      return {
        name,
        program,
        rights: all.filter((right) => right !== lacks).map(mine),
        lacks: lacks && mine(lacks),
      };
    };
    const none = { ...user(added.length + 1, all[0]), rights: [] };
    return [user(0), ...added.map((right, i) => user(i + 1, right)), none];
  });
}

const upper = (text: string) =>
  text.replaceAll(/(?<=[a-z])[A-Z]| /g, (one) => `_${one.trim()}`).toUpperCase();

/** Grants the rights of all users, and waits until the broker knows them. */
async function grant(open: number, users: readonly User[]): Promise<void> {
  const client = new KafkaJS({ brokers: [`localhost:${open}`], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  const acl = users.flatMap(({ name: user, rights }) =>
    rights.map(({ operation, resource, name }) => ({
      resourceType: AclResourceTypes[upper(resource) as "TOPIC"],
      resourceName: name.replace(/\*$/, ""),
      resourcePatternType: name.endsWith("*")
        ? ResourcePatternTypes.PREFIXED
        : ResourcePatternTypes.LITERAL,
      principal: `User:${user}`,
      host: "*",
      operation: AclOperationTypes[upper(operation) as "READ"],
      permissionType: AclPermissionTypes.ALLOW,
    }))
  );
  await admin.createAcls({ acl });
  await until("the broker to know all rights", async () => {
    const { resources } = await admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    });
    const known = resources.reduce((sum, { acls }) => sum + acls.length, 0);
    return known === acl.length ? true : undefined;
  });
  await admin.disconnect();
}

/** Does what a program does, as a user. */
const PROGRAMS: Readonly<Record<string, (kafka: Kafka, user: string) => Promise<unknown>>> = {
  producer: async (kafka) => {
    await using out = producer(kafka, { value: string });
    await out.send("topic", { value: "one more" });
  },
  consumer: async (kafka, user) => {
    const options = { group: user, topics: "topic", key: string, value: string } as const;
    await using reader = await consumer(kafka, options);
    assert.equal((await reader.take(1, { timeoutMs: 60_000 })).length, 1);
  },
  worker: (kafka, user) => work(kafka, user, "at-least-once"),
  "worker, exactly once, also": (kafka, user) => work(kafka, user, "exactly-once"),
  "worker `--reset`, also": async (kafka, user) => {
    await work(kafka, user, "at-least-once");
    await resetApplication(kafka, user).catch(async (error) => {
      // Refused, it has changed nothing.
      const left = await resetApplication(kafka, user, { dryRun: true });
      assert.deepEqual([left.group, left.topics.length >= 2], [user, true]);
      throw error;
    });
  },
};

/** Counts by another key, over a repartition topic, into a topic. */
async function work(
  kafka: Kafka,
  appId: string,
  guarantee: "at-least-once" | "exactly-once",
): Promise<void> {
  const counting = app(appId);
  counting.stream(topic("source", { key: string, value: string }))
    .selectKey((value) => value, { key: string }).groupByKey()
    .count("all", { value: int64 }).toStream().to(topic("output", { key: string, value: int64 }));
  await using worker = await Worker.start(kafka, counting.topology(), { guarantee });
  await drain(worker);
}

const CREATE = "this user needs Create on topic",
  SEE = "or, if it exists, a right to see it (grant it)";
const RIDES = '"datatalkclub.yellow_taxi_ride.json"', AVRO = '"datatalkclub.yellow_taxi_rides"';
const STATUS = '"datatalksclub.stream.v2.windowing-status"';
const NONE = 'Cannot write to topic "demo_1": this user needs Write on topic "demo_1"';

/** Commands, and all that each says on stderr to a user without any right. */
const REFUSALS: readonly (readonly [says: string, ...args: readonly string[]])[] = [
  [refused('"demo_1"'), "producer", "--count", "1", "--rate", "max"],
  [refused('"demo_1"'), "consumer", "--max", "1"],
  [refused(RIDES), "rides", "--rate", "max"],
  [refused(RIDES), "worker", "windowing", "--drain"],
  [refused(RIDES), "worker", "windowing", "--drain", "--reset"],
  [refused(RIDES), "worker", "branch_price", "--drain", "--guarantee", "exactly-once"],
  [
    `✗ Cannot read topic ${STATUS}: this user needs Read on topic ${STATUS} (grant it)`,
    ...["query", "windowing", "rides", "1"],
  ],
  [refused(AVRO), "avro_producer", "--rate", "max"],
  [refused(AVRO), "avro_consumer", "--max", "1"],
];

function refused(topic: string): string {
  return `✗ Cannot create topic ${topic}: ${CREATE} ${topic}, ${SEE}`;
}

/** A registry that takes every schema. */
function anyRegistry(): Deno.HttpServer<Deno.NetAddr> {
  const schemas: string[] = [];
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const id = Number(request.url.match(/ids\/(\d+)$/)?.[1]);
    if (id) return Response.json({ schema: schemas[id - 1] });
    if (request.method === "GET") return Response.json({ compatibilityLevel: "NONE" });
    return Response.json({ id: schemas.push((await request.json()).schema) });
  });
}

/** Runs a task to its end. */
async function run(env: Environment, args: readonly string[]) {
  const { code, stdout, stderr } = await start(env, ...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), errors: text(stderr) };
}

/** What each command says to a user who may do nothing; no line tells of a wait, so none of them waited for long. */
async function withoutRights(env: Environment): Promise<void> {
  const said = await Promise.all(REFUSALS.map(async ([, ...args]) => {
    const { code, errors } = await run(env, args);
    return [code, errors, ...args];
  }));
  assert.deepEqual(said, REFUSALS.map(([says, ...args]) => [1, says, ...args]));
  const status = await run(env, ["status", "--json"]);
  assert.deepEqual([status.code, JSON.parse(status.out).kafka.says], [1, NONE]);
  const doctor = await run(env, ["doctor", "--json"]);
  const found = doctor.out.split("\n").map((line) => JSON.parse(line) as Finding);
  const rights = found.filter(({ topic }) => topic === "rights");
  assert.deepEqual([doctor.code, rights], [
    1,
    [{ topic: "rights", ok: false, says: NONE, fix: "grant it" }],
  ]);
  // It is about the local cluster, and asks no other.
  assert.deepEqual(await run(env, ["reset", "--yes"]), {
    code: 0,
    out: "There is nothing to remove.",
    errors: "",
  });
  const course = await run({ ...env, TAXI_LEARNER: "ana" }, ["course", "--json", "04"]);
  const { wrong } = JSON.parse(course.out.split("\n").at(-1)!);
  const own = refused('"ana.demo_1"').replace("✗ ", "");
  assert.deepEqual(wrong, [`04_consumer_groups#setup  KafkaError: ${own}`]);
}

/** What the Control Center says on its page, and of each thing that is asked for. */
async function onPage(env: Environment): Promise<void> {
  const variables = new Map(Object.entries(env));
  await using center = await startControlCenter({
    port: 0,
    kafka: kafkaSettings(variables),
    registry: schemaRegistry(registrySettings(variables)),
  });
  const get = async (path: string) => await (await fetch(new URL(path, center.url))).json();
  const of = (right: string) => `this user needs ${right} on topic "demo_1" (grant it)`;
  const missing = await until("a look at the cluster", async () => {
    const { missingRight } = await get("/api/now");
    return missingRight ?? undefined;
  });
  assert.equal(missing, `Cannot see topic "demo_1": ${of("Describe")}`);
  const said = await Promise.all(
    ["lanes", "settings", "records/0/0"].map((path) => get(`/api/topics/demo_1/${path}`)),
  );
  assert.deepEqual(said.map(({ message }) => message), [
    `Cannot show topic "demo_1": ${of("Describe")}`,
    `Cannot read the settings of topic "demo_1": ${of("DescribeConfigs")}`,
    `Cannot read topic "demo_1": ${of("Read")}`,
  ]);
}

Deno.test("each program works with the rights in the README, and with one less it names the one", async () => {
  const users = usersOf(await rightsOfReadme());
  assert.deepEqual([...new Set(users.map(({ program }) => program))], Object.keys(PROGRAMS));
  await withLogins(async ({ port, open }) => {
    const settings = { brokers: [`localhost:${open}`], local: false, ssl: false };
    await using admin = await connect({ settings, onNotice: () => {} });
    for (const name of ["topic", "source", "output"]) {
      await admin.topics.create(name, { partitions: 1 });
    }
    await using out = producer(admin, { key: string, value: string });
    for (const name of ["topic", "source"]) await out.send(name, { key: "a", value: "b" });
    await grant(open, users);
    const wrong: string[] = [];
    await Promise.all(users.map(async ({ name, program, lacks }) => {
      await using kafka = await login(port, { username: name });
      const said = await PROGRAMS[program]!(kafka, name).then(() => "nothing", String);
      const wanted = lacks
        ? `this user needs ${lacks.operation} on ${lacks.resource} "${lacks.name.replace("*", "")}`
        : "nothing";
      if (!said.includes(wanted)) wrong.push(`${program}: "${said}" instead of "${wanted}"`);
    }));
    assert.deepEqual(wrong, []);
  }, { users: users.map(({ name }) => name), settings: ASKING_FOR_RIGHTS });
});

Deno.test("each command says in one line to a user without any right which is missing", async () => {
  const registry = anyRegistry(), state = await Deno.makeTempDir({ prefix: "taxi-test-" });
  await withLogins(async ({ port }) => {
    const env = {
      TAXI_STATE: state,
      TAXI_CACHE: folders().cache,
      KAFKA_BROKERS: `localhost:${port}`,
      KAFKA_USERNAME: "nobody",
      KAFKA_PASSWORD: "pw",
      SCHEMA_REGISTRY_URL: `http://127.0.0.1:${registry.addr.port}`,
    };
    await withoutRights(env);
    await onPage(env);
  }, { users: ["nobody"], settings: ASKING_FOR_RIGHTS });
  await registry.shutdown();
  await Deno.remove(state, { recursive: true });
});
