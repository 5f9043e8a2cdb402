import { fetchedJava, installedJava, LEAST_JAVA } from "./artifacts/java.ts";
import { lock } from "./artifacts/lock.ts";
import { missingDownloads } from "./artifacts/prepare.ts";
import { portProblem, portUses } from "./faults/before_start.ts";
import { freeBytes as freeBytesOf, LEAST_FREE_BYTES } from "./faults/disk.ts";
import { portOwner, portState } from "./faults/port_owner.ts";
import { windowsFolderFault } from "./faults/windows_folders.ts";
import { COMPATIBILITY, compatibilityOf } from "./supervisor/registry.ts";
import { askMetadata } from "./probe.ts";
import { findPython, installedUv, type Python } from "../python/mod.ts";
import { folderProblem, here, type Platform } from "../platform/mod.ts";
import { stateFolderProblem } from "./state_folder.ts";
import { type Status, status, statusOf } from "./status.ts";
import { type ClusterConfig, clusterConfig, registryUrl } from "./cluster_config.ts";

/** One thing that was looked at. */
export interface Finding {
  /** `Java`, `disk`, `port 9092`. */
  readonly topic: string;
  /** False where something is wrong; `fix` then says what to do. */
  readonly ok: boolean;
  /** What is so, in one clause. */
  readonly says: string;
  /** The one thing to do; only where something is wrong. */
  readonly fix?: string;
}

type Look = (
  config: ClusterConfig,
  now: Status,
  platform: Platform,
) => Promise<Omit<Finding, "topic">>;

/** What {@link diagnose} looks at. */
export interface DiagnoseOptions {
  /** Which cluster. @default the environment's */
  readonly config?: ClusterConfig;
  /** How much may still be written where a folder is; a test has a full disk. @default asks the system */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** The system whose memory and folders are looked at. @default this one */
  readonly platform?: Platform;
}

/** What is said of brokers that were not started, which is no fault. */
export const NOT_RUNNING = "not running";

const MEMORY_NEEDED = 2e9;

/**
 * Looks at everything the local cluster needs and says what is fine, what is not, and the one fix.
 *
 * Changes nothing and downloads nothing. A cluster that is down is not a fault. Brokers and a registry that the
 * environment names are left out: to ask them takes a client.
 *
 * @returns One finding for each thing, in the order in which they matter.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Finding[]> {
  const { config = clusterConfig(), freeBytes = freeBytesOf, platform = here } = options;
  const isTrusted = await stateFolderProblem(config.folders.state) === undefined;
  const now = isTrusted ? await status({ config }) : await statusOf(config, undefined);
  const looks: [topic: string, look: Look][] = [
    ["Deno", lookAtDeno],
    ["Node", lookAtNode],
    ["Python", lookAtPython],
    ["Java", lookAtJava],
    ["downloads", lookAtDownloads],
    ["disk", (config) => lookAtDisk(config, freeBytes)],
    ["memory", lookAtMemory],
    ["clock", lookAtClock],
    ["state folder", lookAtStateFolder],
    ...(platform.os === "windows" ? [["folders", lookAtWindowsFolders] as [string, Look]] : []),
    ...portLooks(config, now),
    ["cluster", lookAtCluster],
    ...(config.otherKafka ? [] : [["brokers", lookAtBrokers] as [string, Look]]),
    ...(config.otherRegistry ? [] : [["registry", lookAtRegistry] as [string, Look]]),
  ];
  return await Promise.all(looks.map(async ([topic, look]) => {
    try {
      return { topic, ...await look(config, now, platform) };
    } catch (error) {
      return { topic, ...fromError(error) };
    }
  }));
}

const fine = (says: string) => ({ ok: true, says });
const wrong = (says: string, fix: string) => ({ ok: false, says, fix });

/**
 * What an error says is wrong, and the fix: ours end with it in brackets.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fromError } from "./diagnose.ts";
 * assert.deepEqual(fromError(new Error('Cannot reach "b:1": it speaks TLS (set KAFKA_SSL=true)')), {
 *   ok: false,
 *   says: 'Cannot reach "b:1": it speaks TLS',
 *   fix: "set KAFKA_SSL=true",
 * });
 * ```
 */
export function fromError(error: unknown): Omit<Finding, "topic"> {
  const message = error instanceof Error ? error.message : String(error);
  const [, says = message, fix = "run it again with TAXI_DEBUG=1"] =
    message.match(/^(.*) \(([^()]*(?:\([^()]*\)[^()]*)*)\)$/s) ?? [];
  return wrong(says, fix);
}

async function lookAtDeno(config: ClusterConfig) {
  const wanted = (await Deno.readTextFile(`${config.folders.root}/README.md`).catch(() => ""))
    .match(/deno@(\d+\.\d+\.\d+)/)?.[1] ?? "2.9.6";
  const is = Deno.version.deno;
  return is === wanted ? fine(`${is}, the version this course is tested with`) : wrong(
    `${is}, but this course is tested with ${wanted}`,
    `use "npx -y deno@${wanted} task …"`,
  );
}

async function lookAtNode() {
  const version = await firstLine("node", ["--version"]);
  return fine(
    version ? `${version}, for npx` : "not installed, and not needed: Deno itself is here",
  );
}

async function lookAtPython() {
  return fine(pythonSays(await findPython(), await installedUv() !== undefined));
}

/** Which Python it is, and what it lacks. */
export function pythonSays({ command, version, venv, pip }: Python, hasUv: boolean): string {
  const lacks = venv ? "" : `, without venv${pip ? "" : " and pip"}: uv is fetched instead`;
  // Windows puts what the Store's Python writes below AppData into a folder of its own.
  const store = command.includes("WindowsApps")
    ? ', from the Microsoft Store (where Java is then not found: "winget install Python.Python.3.13")'
    : "";
  return `${version} at ${command}${hasUv ? ", and uv, which makes environments" : lacks}${store}`;
}

async function lookAtJava({ folders }: ClusterConfig) {
  const fetched = await fetchedJava(folders.cache).catch(() => undefined);
  if (fetched) return fine(`${fetched.version}, fetched by this project`);
  const installed = await installedJava();
  if (installed) return fine(`${installed.version}, installed at ${installed.command}`);
  return fine(`none of ${LEAST_JAVA} or newer yet: "deno task up" fetches one`);
}

async function lookAtDownloads({ folders }: ClusterConfig) {
  const problem = await folderProblem(folders.cache, { variable: "TAXI_CACHE" });
  if (problem !== undefined) return fromError(new Error(`${folders.cache}: ${problem}`));
  const missing = await missingDownloads(folders.cache);
  const all = lock.kafka.jars.length + 1;
  if (missing.length === 0) return fine(`all ${all} verified, in ${folders.cache}`);
  if (missing.length === all) return fine(`none yet: "deno task up" fetches them (200 MB)`);
  return wrong(
    `${missing.length} of ${all} are missing or damaged`,
    'run "deno task up": it fetches them again',
  );
}

async function lookAtDisk(
  { folders }: ClusterConfig,
  freeBytes: (folder: string) => Promise<number>,
) {
  const free = Math.min(
    await freeBytes(await nearest(folders.state)),
    await freeBytes(await nearest(folders.cache)),
  );
  const says = `${(free / 1e9).toFixed(1)} GB free`;
  return free >= LEAST_FREE_BYTES ? fine(says) : wrong(
    says,
    `free at least ${LEAST_FREE_BYTES / 1e6} MB, or set TAXI_STATE and TAXI_CACHE to another disk`,
  );
}

/** The folder itself or the first one above it that exists. */
async function nearest(folder: string): Promise<string> {
  for (let path = folder; path !== ""; path = path.replace(/[/\\][^/\\]*$/, "")) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return "/";
}

function lookAtMemory(_: ClusterConfig, now: Status, platform: Platform) {
  const { availableBytes, totalBytes } = platform.memory();
  const says = `${(availableBytes / 1e9).toFixed(1)} of ${(totalBytes / 1e9).toFixed(1)} GB free`;
  return Promise.resolve(
    now.up || availableBytes >= MEMORY_NEEDED ? fine(says) : wrong(
      says,
      "close other programs: one broker and the registry take about 0.8 GB, JupyterLab as much",
    ),
  );
}

/** A record stamped more than an hour ahead is refused; a clock in the past makes every record old. */
function lookAtClock() {
  const year = new Date().getFullYear();
  const today = new Date().toISOString().slice(0, 16).replace("T", " ");
  return Promise.resolve(
    year >= 2025 ? fine(`${today} UTC`) : wrong(`it says ${today} UTC`, "set this machine's clock"),
  );
}

async function lookAtStateFolder({ folders }: ClusterConfig) {
  const problem = await stateFolderProblem(folders.state);
  return problem === undefined
    ? fine(folders.state)
    : fromError(new Error(`${folders.state}: ${problem}`));
}

async function lookAtWindowsFolders(
  { folders }: ClusterConfig,
  _: Status,
  platform: Platform,
) {
  const fault = await windowsFolderFault(folders, platform);
  return fault === null ? fine(folders.root) : wrong(fault.says, fault.fix);
}

/** Each port: free, ours, or somebody else's. */
function portLooks(config: ClusterConfig, now: Status): [string, Look][] {
  const uses = portUses(config, {
    size: now.size,
    kafka: config.otherKafka === undefined,
    registry: config.otherRegistry === undefined,
  });
  return uses.map(({ port, use, setting }): [string, Look] => [`port ${port}`, async () => {
    const state = await portState(port);
    if (state === "free") return fine(`free, for ${use}`);
    const owner = await portOwner(port);
    if (now.processes.some(({ pid }) => pid !== undefined && pid === owner?.pid)) {
      return fine(`used by ${use}`);
    }
    const { says, fix } = portProblem(state, owner);
    return wrong(`${says}, wanted for ${use}`, `${fix}, or set ${setting}`);
  }]);
}

function lookAtCluster(config: ClusterConfig, now: Status) {
  const ended = now.processes.find(({ state, why }) => state === "exited" && why !== undefined);
  if (config.otherKafka && config.otherRegistry) {
    return Promise.resolve(fine("another one, named by the environment"));
  }
  if (now.up && now.warnings.length === 0) return Promise.resolve(fine("up"));
  if (now.warnings.length > 0) {
    return Promise.resolve(
      wrong(now.warnings.join("; "), 'run "deno task reset" to start without data'),
    );
  }
  if (ended && now.phase !== "stopped") {
    return Promise.resolve(fromError(new Error(`${ended.name} has ended: ${ended.why}`)));
  }
  return Promise.resolve(fine(`${now.phase} ("deno task up" starts it)`));
}

async function lookAtBrokers(_: ClusterConfig, now: Status) {
  if (!now.up) return fine(NOT_RUNNING);
  for (const { name, port } of now.processes) {
    if (!name.startsWith("broker")) continue;
    const { brokers } = await askMetadata(port!).catch(() => ({ brokers: [] }));
    if (brokers.length !== now.size) {
      return wrong(`${name} sees ${brokers.length} of ${now.size} brokers`, 'run "deno task up"');
    }
  }
  return fine(
    `${now.brokers.join(", ")} ${now.size === 1 ? "answers" : "answer and see each other"}`,
  );
}

async function lookAtRegistry(config: ClusterConfig, now: Status) {
  if (!now.up) return fine(NOT_RUNNING);
  const url = registryUrl(config);
  const level = await compatibilityOf(url);
  if (level === undefined) return wrong(`no answer at ${url}`, 'run "deno task up"');
  if (level === COMPATIBILITY) return fine(`${url} answers, compatibility ${level}`);
  return wrong(
    `its compatibility is "${level}"`,
    'run "deno task down" and "deno task up": it becomes BACKWARD',
  );
}

async function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
  const ended = await here.run(command, args);
  return ended?.success ? ended.output.split("\n")[0]?.trim() : undefined;
}
