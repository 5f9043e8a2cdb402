/**
 * What the course promises on any cluster: each command, two notebooks and the Control Center on real Kafka of eight
 * releases and on what other clusters offer. Prints the matrix, each row as it ends: ✓, or the one line that it says.
 * `TAXI_CLUSTERS=2.8.2,redpanda` chooses the rows whose name has one of these words in it.
 */
import assert from "node:assert/strict";
import { deadline } from "../lib/async/mod.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { startControlCenter } from "../lib/control_center/mod.ts";
import { connect, consumer } from "../lib/kafka/mod.ts";
import { kafkaSettings, registrySettings } from "../lib/settings/mod.ts";
import {
  type InstalledJava,
  installedJavas,
  mavenKafka,
  runs,
  withMavenKafka,
} from "./maven_kafka.ts";
import { isThere, MAVEN, missing } from "./needs.ts";
import { PROFILES, versionProxy } from "./version_proxy.ts";
import { until } from "./own_brokers.ts";
import { countsBy, type Environment, ridesOfFile, start } from "./worker_cases.ts";

const RELEASES = ["2.8.2", "3.0.2", "3.3.2", "3.5.2", "3.7.2", "3.9.1", "4.4.0"];
/** In Maven's words; it may be one of the others. */
const NEWEST = "[4.4.0,)";
/** A cell that takes longer hangs. */
const LONGEST_CELL_MS = 240_000;

/** What a command printed, and how it ended. */
interface Ended {
  readonly success: boolean;
  readonly lines: readonly Record<string, unknown>[];
  /** The last line for people. */
  readonly said: string;
}

/**
 * One thing that is tried on each cluster; fails where it does not do what it should. Returns the one line that it says
 * where a cluster lacks what only this needs.
 */
type Cell = (env: Environment) => Promise<string | void>;

/** Runs a task; fails with the one line that it says, or where it does not end. */
async function run(env: Environment, ...args: readonly string[]): Promise<Ended> {
  const child = start(env, args[0]!.replaceAll("-", "_"), ...args.slice(1));
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_CELL_MS);
  const { success, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split("\n");
  const said = text(stderr).at(-1)!;
  if (signal === "SIGKILL") throw new Error(`it hangs; its last line is "${said}"`);
  const lines = text(stdout).filter((line) => line.startsWith("{")).map((one) => JSON.parse(one));
  // A notebook's faults stand in its line, the doctor's in those that are not well.
  const unwell = lines.filter(({ ok, says }) => ok === false && says).map(({ says }) => says);
  if (!success) throw new Error(String(lines.at(-1)?.wrong ?? (said || unwell.join("; "))));
  return { success, lines, said };
}

const javas = await installedJavas(), hasMaven = await isThere(MAVEN);
const rides = await ridesOfFile();
const trips = [...countsBy(rides, ({ vendorId }) => vendorId)].sort(([a], [b]) => a - b);

function counts(...flags: readonly string[]): Cell {
  return async (env) => {
    const { lines } = await run(
      env,
      "worker",
      "stream_count_vendor_trips",
      "--drain",
      "--json",
      ...flags,
    );
    const rows = lines.filter(({ table }) => table === "vendor_rides");
    const found = rows.map(({ key, value }) => [Number(key), Number(value)] as const);
    assert.deepEqual(found.sort(([a], [b]) => a - b), trips);
  };
}

function notebook(number: string): Cell {
  return async (env) => {
    const { lines } = await run(env, "course", "--json", number);
    assert.deepEqual(lines.map(({ ok, wrong }) => [ok, wrong]), [[true, []]]);
  };
}

/** Kafka 4.0 and newer assign partitions themselves (KIP-848). */
async function brokerAssigned(env: Environment): Promise<string | void> {
  const settings = kafkaSettings(new Map(Object.entries(env)));
  await using kafka = await connect({ settings, onNotice: () => {} });
  const options = {
    group: "broker-assigned",
    topics: "demo_1",
    groupProtocol: "consumer",
  } as const;
  try {
    await using reader = await consumer(kafka, options);
    assert.equal((await reader.take(100, { timeoutMs: 60_000 })).length, 100);
  } catch (error) {
    const { message } = error as Error;
    assert.match(
      message,
      /^Cannot join group .*\(leave out groupProtocol: "consumer", or use Kafka/,
    );
    return message;
  }
}

async function controlCenter(env: Environment): Promise<void> {
  const variables = new Map(Object.entries(env)), signal = AbortSignal.timeout(LONGEST_CELL_MS);
  await using center = await startControlCenter({
    port: 0,
    kafka: kafkaSettings(variables),
    registry: schemaRegistry(registrySettings(variables)),
  });
  const get = async (path: string) => {
    const response = await fetch(new URL(`/api${path}`, center.url), { signal })
      .catch(({ message }: Error) => Promise.reject(new Error(`${path}: ${message}`)));
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response;
  };
  // Its first look at a cluster takes a moment.
  await until("the Control Center to see topic and group", async () => {
    const now = await (await get("/now")).text();
    return ["demo_1", "consumer.group.id.demo.1"].every((one) => now.includes(one)) || undefined;
  });
  for (const path of ["lanes", "settings", "records/0/0"]) {
    await (await get(`/topics/demo_1/${path}`)).text();
  }
  await (await get("/schemas")).text();
  const records = await get("/topics/demo_1/records?from=begin&max=5");
  let seen = "";
  for await (const text of records.body!.pipeThrough(new TextDecoderStream())) {
    seen += text;
    if (/"offset":\d/.test(seen)) return;
  }
  throw new Error(`no records: ${seen}`);
}

/** Cells that need what those before them wrote; chains run at the same time. */
const CHAINS: readonly Readonly<Record<string, Cell>>[] = [{
  doctor: async (env) => {
    const { lines } = await run(env, "doctor", "--json");
    const about = lines.filter(({ topic }) => topic === "brokers" || topic === "rights");
    assert.deepEqual(about.map(({ ok }) => ok), [true, true]);
  },
  producer: async (env) => {
    const { lines } = await run(env, "producer", "--count", "100", "--rate", "max", "--json");
    assert.equal(recordsIn(lines), 100);
  },
  consumer: async (env) => {
    const { lines } = await run(env, "consumer", "--max", "100", "--json");
    assert.equal(recordsIn(lines), 100);
  },
  "KIP-848": brokerAssigned,
  "Control Center": controlCenter,
  // At its end it forgets the topic and the group of the cells above.
  "notebook 04": notebook("04"),
}, {
  rides: async (env) => {
    const { lines } = await run(env, "rides", "--rate", "max", "--json");
    assert.match(JSON.stringify(lines.at(-1)), new RegExp(`"sent":${rides.length}\\b`));
  },
  worker: counts(),
  "worker, exactly once": counts("--guarantee", "exactly-once", "--app-id", "once"),
  // At its end it forgets what the worker above has counted.
  "notebook 10": notebook("10"),
}, {
  "avro-producer": async (env) => {
    await run(env, "avro-producer", "--count", "100", "--rate", "max", "--json");
  },
  "avro-consumer": async (env) => {
    const { lines } = await run(env, "avro-consumer", "--max", "100", "--json");
    assert.equal(recordsIn(lines), 100);
  },
}];
const NAMES = CHAINS.flatMap((chain) => Object.keys(chain));

function recordsIn(lines: Ended["lines"]): number {
  return lines.filter(({ offset }) => offset !== undefined).length;
}

/** Lines of the matrix that are not printed yet: its head, until the first row ends. */
const head = [
  `| cluster | Java | ${NAMES.join(" | ")} |`,
  `|${"---|".repeat(2 + NAMES.length)}`,
];

/** Prints a line of the matrix at once: what is killed has told what it knows. */
function print(line: string): void {
  for (const one of [...head.splice(0), line]) console.log(one);
}

/** Tries every cell on a cluster; none may fail. */
async function row(name: string, java: InstalledJava, brokers: string): Promise<void> {
  const state = await Deno.makeTempDir({ prefix: "taxi-clusters-" });
  const env = {
    TAXI_STATE: `${state}/state`,
    KAFKA_BROKERS: brokers,
    SCHEMA_REGISTRY_URL: registrySettings().url,
    // Lessons make nothing on a Kafka that may be somebody else's.
    TAXI_OWN_KAFKA: "yes",
  };
  const told = new Map<string, string>(), wrong: string[] = [];
  await Promise.all(CHAINS.map(async (chain) => {
    for (const [cell, tried] of Object.entries(chain)) {
      try {
        const hangs = () => new Error(`it hangs: no end in ${2 * LONGEST_CELL_MS / 1_000} s`);
        told.set(cell, await deadline(tried(env), 2 * LONGEST_CELL_MS, hangs) ?? "✓");
      } catch (error) {
        const { message } = error as Error;
        told.set(cell, message.split("\n")[0]!.replaceAll("|", "\\|"));
        wrong.push(`${cell}: ${message}`);
      }
    }
  }));
  await Deno.remove(state, { recursive: true });
  print(`| ${name} | ${java.version} | ${NAMES.map((cell) => told.get(cell)).join(" | ")} |`);
  assert.deepEqual(wrong, []);
}

const chosen = (Deno.env.get("TAXI_CLUSTERS") ?? "").split(",");

/** A test on a broker of its own; skipped by name where no Java runs that release, left out where not chosen. */
function testOn(
  release: string,
  name: string,
  tried: (java: InstalledJava, brokers: string) => Promise<void>,
): void {
  if (!chosen.some((word) => name.includes(word))) return;
  const needed = release === NEWEST ? RELEASES.at(-1)! : release;
  const java = javas.find((one) => runs(one, needed));
  const lacks = !hasMaven
    ? MAVEN
    : java === undefined
    ? { program: "a Java that runs it", get: "sudo apt install openjdk-17-jre-headless" }
    : undefined;
  Deno.test({
    name: lacks ? missing(name, lacks) : name,
    ignore: lacks !== undefined,
    fn: async () => {
      const found = await mavenKafka(release);
      if (release === NEWEST && RELEASES.includes(found.version)) {
        return print(`| the newest is ${found.version} |`);
      }
      await withMavenKafka(java!, found, ({ address }) => tried(java!, address));
    },
  });
}

for (const release of [...RELEASES, NEWEST]) {
  const name = release === NEWEST ? "the newest Kafka" : `Kafka ${release}`;
  testOn(
    release,
    `each command and lesson does what it should on ${name}`,
    (java, brokers) => row(name, java, brokers),
  );
}

for (const [profile, offered] of Object.entries(PROFILES)) {
  testOn(
    RELEASES.at(-1)!,
    `each command and lesson does what it should on what ${profile} offers`,
    async (java, brokers) => {
      await using proxy = await versionProxy(brokers, offered);
      await row(`as ${profile}`, java, proxy.address);
    },
  );
}
