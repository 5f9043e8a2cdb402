/** The README's table of rights: each program works with exactly its rights, and with one less it says which is missing. */
import assert from "node:assert/strict";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka as KafkaJS,
  logLevel,
  ResourcePatternTypes,
} from "kafkajs";
import { connect, consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { app, int64, string, topic } from "../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../lib/streams/runtime/mod.ts";
import { login, withLogins } from "./login_broker.ts";
import { until } from "./own_brokers.ts";

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
  }, {
    users: users.map(({ name }) => name),
    settings: {
      "connections.max.reauth.ms": "0",
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users": "User:ANONYMOUS;User:ada",
    },
  });
});
