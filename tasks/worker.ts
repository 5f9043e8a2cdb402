/** `deno task worker APP`: one of the streams programs in apps/, on this cluster. */
import { Argument, Option } from "commander";
import { type ProgramName, PROGRAMS } from "../apps/programs.ts";
import { connect, type Kafka } from "../lib/kafka/mod.ts";
import { openOwnFolder } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import type { StoreProvider } from "../lib/streams/mod.ts";
import type { ErrorRules } from "../lib/streams/types.ts";
import {
  claimFolder,
  drain,
  forgetFolders,
  resetApplication,
  spillingStores,
  sqliteStores,
  Worker,
  type WorkerOptions,
} from "../lib/streams/runtime/mod.ts";
import { callerPath, door, hostAndPort, open, wholeNumber } from "./_door.ts";
import { deadLettersOf, type DecodePolicy, onDecodeError, withFlag } from "./_decode_errors.ts";
import { stopOnSignals } from "./_stop.ts";
import { reportDrained, reportEvents } from "./_worker_report.ts";

interface Flags {
  readonly drain?: boolean;
  readonly json?: boolean;
  readonly guarantee: "at-least-once" | "exactly-once";
  readonly appId?: string;
  readonly store: "auto" | "memory" | "sqlite";
  readonly memoryMb: number;
  readonly stateDir?: string;
  readonly standbys: number;
  readonly instanceId?: string;
  readonly sessionTimeoutMs?: number;
  readonly server?: { readonly hostname: string; readonly port: number };
  readonly partitions: number;
  readonly reset?: boolean;
  readonly time: "record" | "pickup";
  readonly graceMs?: number;
  readonly onDecodeError: DecodePolicy;
}

await open(
  door("worker", "Runs one of the streams programs in apps/; start it again to share the work.")
    .addArgument(new Argument("<app>", "which").choices(Object.keys(PROGRAMS)))
    .option("--drain", "process what is there, print the tables, end")
    .option("--json", "JSON lines on stdout")
    .addOption(
      new Option("--guarantee <what>", "what a crash may do to results")
        .choices(["at-least-once", "exactly-once"]).default("at-least-once"),
    )
    .option("--app-id <id>", "group, and beginning of internal topics; by default one for each app")
    .addOption(
      new Option("--store <kind>", "where tables are kept; auto: in memory, large ones on disk")
        .choices(["auto", "memory", "sqlite"]).default("auto"),
    )
    .option(
      "--memory-mb <n>",
      "memory for tables, about, before --store auto keeps them on disk",
      wholeNumber(0),
      defaultMemoryMb(),
    )
    .option("--state-dir <dir>", "folder for tables on disk; by default one for each app id")
    .option("--standbys <n>", "workers that keep a copy of each table's rows", wholeNumber(0), 0)
    .option(
      "--instance-id <id>",
      "static member: started again under it within its session, it has its tasks back",
    )
    .option(
      "--session-timeout-ms <ms>",
      "after so long without a sign of life others have its tasks; by default 6000",
      wholeNumber(1),
    )
    .option(
      "--server <host:port>",
      "where it answers queries of other machines; needs TAXI_QUERY_TOKEN, the same for all",
      hostAndPort,
    )
    .option("--partitions <n>", "partitions of topics that have to be made", wholeNumber(1), 2)
    .option("--reset", "begin again: forget offsets, internal topics and local tables first")
    .addOption(
      new Option(
        "--time <clock>",
        "windowing, ride_sessions: count by produce time or by pickup time",
      )
        .choices(["record", "pickup"]).default("record"),
    )
    .option(
      "--grace-ms <ms>",
      "windowing, ride_sessions: how long a window waits for late rides",
      wholeNumber(0),
    )
    .addOption(onDecodeError())
    .action(async (name: ProgramName, flags: Flags) => {
      const stop = stopOnSignals(), say = flags.json ? console.error : console.log;
      const program = PROGRAMS[name];
      const app = program.build(flags.appId, {
        time: flags.time,
        ...(flags.graceMs === undefined ? {} : { graceMs: flags.graceMs }),
      });
      const topology = { ...app.topology(), errors: errorRules(program.topics[0]!, flags) };
      const kafka = await connect();
      const stateDir = flags.stateDir === undefined
        ? `${folders().state}/streams/${app.id}`
        : callerPath(flags.stateDir);
      if (flags.reset) await reset(kafka, app.id, { stateDir, say });
      for (const topic of program.topics) await makeTopic(kafka, topic, flags.partitions, say);
      const worker = await Worker.start(kafka, topology, {
        guarantee: flags.guarantee,
        standbys: flags.standbys,
        ...(flags.instanceId === undefined ? {} : { instanceId: flags.instanceId }),
        ...(flags.sessionTimeoutMs === undefined
          ? {}
          : { sessionTimeoutMs: flags.sessionTimeoutMs }),
        ...server(flags),
        ...await stores(flags, { stateDir, say }),
        onEvent: reportEvents(say),
      });
      void stop.told.then(() => worker.stop());
      try {
        if (flags.drain) {
          await Promise.race([drain(worker), worker.done]);
          if (!stop.signal.aborted) reportDrained(worker, program, flags.json ?? false);
          await worker.stop();
        }
        await worker.done;
      } catch (error) {
        throw withFlag(error);
      }
      await kafka.close();
      Deno.exit(stop.exitCode());
    }),
);

/** On this machine no token is needed, and none is asked for unless it is set. */
function server({ server }: Flags): Pick<WorkerOptions, "server"> {
  const token = Deno.env.get("TAXI_QUERY_TOKEN");
  return { server: { ...server, ...(token && { token }) } };
}

function errorRules(topic: string, { onDecodeError: decode }: Flags): ErrorRules {
  return decode === "dead-letter" ? { decode, deadLetterTopic: deadLettersOf(topic) } : { decode };
}

/** Workers of one machine share the folder; each has a part of it to itself. */
async function stores(
  { store, memoryMb }: Flags,
  { stateDir, say }: { readonly stateDir: string; readonly say: (line: string) => void },
): Promise<{ readonly stores?: StoreProvider }> {
  if (store === "memory") return {};
  // The one of this checkout stands in its state folder, which others must not change either.
  const { state } = folders();
  if (stateDir.startsWith(`${state}/`)) {
    await openOwnFolder(state, { purpose: "keep tables", variable: "TAXI_STATE" });
  }
  const { path } = await claimFolder(stateDir);
  if (store === "sqlite") return { stores: sqliteStores({ directory: path }) };
  return {
    stores: spillingStores({
      directory: path,
      memoryBytes: memoryMb * 2 ** 20,
      onSpill: (task, bytes) =>
        say(`task ${task} keeps its tables on disk now: ${Math.round(bytes / 2 ** 20)} MB of rows`),
    }),
  };
}

/** An eighth of the machine, which runs a broker and more workers, too; 256 MB at most. */
function defaultMemoryMb(): number {
  return Math.min(256, Math.floor(Deno.systemMemoryInfo().total / 8 / 2 ** 20));
}

async function reset(
  kafka: Kafka,
  appId: string,
  { stateDir, say }: { readonly stateDir: string; readonly say: (line: string) => void },
): Promise<void> {
  const { group, topics } = await resetApplication(kafka, appId, { dryRun: true });
  say(
    `reset of "${appId}": ${group ? "offsets of its group" : "no offsets"}, ` +
      `${topics.length} internal topics`,
  );
  await forgetFolders(stateDir); // The one step that may refuse: nothing else is gone by then.
  await resetApplication(kafka, appId);
}

async function makeTopic(
  kafka: Kafka,
  topic: string,
  partitions: number,
  say: (line: string) => void,
): Promise<void> {
  if (await kafka.topics.exists(topic)) return;
  await kafka.topics.create(topic, { partitions });
  say(`made topic "${topic}" with ${partitions} partitions`);
}
