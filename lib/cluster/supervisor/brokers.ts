import type { Platform } from "../../platform/mod.ts";
import { lock } from "../artifacts/lock.ts";
import { brokerSettings, properties } from "../broker_settings.ts";
import {
  inspectDataFolder,
  list,
  METADATA,
  refuseNewer,
  strayTopics,
  strayWords,
} from "../faults/data_folder.ts";
import { damage, type Inventory, takeInventory } from "../faults/inventory.ts";
import { CHECKOUT_PROPERTY } from "../faults/port_owner.ts";
import { partitionsCut, whyItEnded } from "../faults/words.ts";
import { kafkaArgs } from "../java_args.ts";
import { askCoordinator, askMetadata } from "../probe.ts";
import { readJson, statePaths, writeJson } from "../state.ts";
import { brokerNumbers, brokerPorts, wirePorts } from "../cluster_config.ts";
import type { StateFile } from "./state_file.ts";
import { RotatingLog } from "./log.ts";
import { ManagedProcess, type Program } from "./managed_process.ts";
import type { Plan } from "./plan.ts";
import { startOnSmallDisk } from "./small_disk.ts";
import { Wire } from "./wire.ts";

/** A broker writes its last data within this time, or is made to end. */
const STOP_WITHIN_MS = 25_000;

/** What we write beside the data: whose it is, and what was there after the last clean stop. */
interface ClusterMeta {
  readonly clusterId: string;
  readonly kafkaVersion: string;
  readonly inventories?: Readonly<Record<string, Inventory>>;
}

/** Folder of a broker's data, below the folder of its cluster. */
function dataOf(n: number): string {
  return `broker-${n}`;
}

/** The brokers of one cluster: one or three Java processes and their data. */
export class Brokers {
  readonly #plan: Plan;
  readonly #stateFile: StateFile;
  readonly #platform: Platform;
  readonly #folder: string;
  readonly #brokers: readonly { readonly n: number; readonly managed: ManagedProcess }[];
  /** By the broker's number; only where the cluster is thrown away and has several brokers. */
  readonly #wires: ReadonlyMap<number, Wire>;
  /** How far files may grow, in MB, by the number of a broker that is to be started so. */
  readonly #smallDisks = new Map<number, number>();
  #meta: ClusterMeta | undefined;

  constructor(plan: Plan, stateFile: StateFile, platform: Platform) {
    const paths = statePaths(plan.config.folders.state);
    this.#plan = plan;
    this.#stateFile = stateFile;
    this.#platform = platform;
    this.#folder = paths.brokers(plan.size);
    this.#brokers = brokerNumbers(plan.size).map((n) => ({
      n,
      managed: new ManagedProcess({
        name: `broker ${n}`,
        port: brokerPorts(plan.config, n).broker,
        version: lock.kafka.version,
        stateFile,
        platform,
        log: new RotatingLog(`${paths.logs}/broker-${n}.log`),
      }),
    }));
    const wired = plan.throwaway !== undefined && plan.size > 1 ? this.#brokers : [];
    this.#wires = new Map(wired.map(({ n }) => {
      const { wire, copies } = wirePorts(plan.config, n);
      return [n, new Wire(wire, copies)];
    }));
  }

  /** Starts every broker that does not run and waits until all know each other. */
  async start(): Promise<void> {
    const meta = await this.#openData();
    const missing = this.#brokers.filter(({ managed }) => !managed.isRunning);
    await Promise.all(missing.map(({ n, managed }) => this.#startOne(n, managed, meta)));
    await Promise.all(
      missing.map(({ n, managed }) => managed.ready(() => this.#isReady(n, meta.clusterId))),
    );
    await this.#ready();
  }

  /**
   * Stops all brokers. One goes after the other while the rest can still agree; the last of three
   * cannot hand anything over any more and would wait for ever.
   */
  async stop(): Promise<void> {
    if (this.#plan.throwaway) return await this.#throwAway();
    const [last, ...others] = this.#brokers;
    for (const { managed } of others.reverse()) await managed.stop(STOP_WITHIN_MS);
    await last?.managed.stop(this.#plan.size === 1 ? STOP_WITHIN_MS : 3_000);
    await this.#takeInventories();
  }

  /** Nobody needs what they would still write: all are killed at once. */
  async #throwAway(): Promise<void> {
    await Promise.all(this.#brokers.map(({ managed }) => managed.stop(0)));
    for (const wire of this.#wires.values()) wire.close();
  }

  /** Lets no other broker copy from this one, until `mendWire()`. */
  cutWire(n: number): void {
    this.#wires.get(n)?.cut();
  }

  /** Lets the others copy from it again. */
  mendWire(n: number): void {
    this.#wires.get(n)?.mend();
  }

  /** Stops one broker alone; it can be started again. */
  async stopOne(n: number): Promise<void> {
    await this.#broker(n)?.stopAlone(STOP_WITHIN_MS);
  }

  /** Stops one broker; when it is started next, and until it ends, its disk is full where a file has grown so far. */
  async smallDisk(n: number, megabytes: number): Promise<void> {
    this.#smallDisks.set(n, megabytes);
    await this.stopOne(n);
  }

  /** Ends one broker at once, as a power cut would. */
  kill(n: number): void {
    this.#broker(n)?.kill();
  }

  #broker(n: number): ManagedProcess | undefined {
    return this.#brokers.find((one) => one.n === n)?.managed;
  }

  #data(n: number): string {
    return `${this.#folder}/${dataOf(n)}`;
  }

  /** Reads whose data this is, or makes it ours; says what has changed since the last clean stop. */
  async #openData(): Promise<ClusterMeta> {
    if (this.#meta !== undefined) return this.#meta;
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = `${this.#folder}/cluster.json`;
    const found = await readJson<ClusterMeta>(path);
    if (found !== undefined) refuseNewer(this.#folder, found.kafkaVersion);
    for (const [n, before] of Object.entries(found?.inventories ?? {})) {
      await this.#compare(this.#data(Number(n)), before);
    }
    const clusterId = found?.clusterId ?? randomClusterId();
    this.#meta = { clusterId, kafkaVersion: lock.kafka.version };
    writeJson(path, this.#meta);
    return this.#meta;
  }

  /** Says what has changed since the last clean stop; refuses what Kafka would make worse. */
  async #compare(data: string, before: Inventory): Promise<void> {
    const now = await takeInventory(data);
    if (Object.keys(now).length === 0) return; // Wiped by hand: a broker without data starts as a new one.
    for (const words of damage(before, now)) {
      if (words.includes(METADATA.replace(/-0$/, ""))) {
        // Kafka would start, and put aside every topic that it no longer knows.
        throw new Error(
          `Cannot use the data folder "${data}": it is damaged: the cluster's own log was changed ` +
            `while the broker was down (put it back, or run "deno task reset" to start without data)`,
        );
      }
      this.#stateFile.warn(words);
    }
  }

  async #startOne(n: number, managed: ManagedProcess, { clusterId }: ClusterMeta): Promise<void> {
    const { prepared, size, config, throwaway } = this.#plan;
    const data = this.#data(n);
    await Deno.mkdir(data, { recursive: true, mode: 0o700 });
    const settings = `broker-${n}.properties`;
    await Deno.writeTextFile(
      `${this.#folder}/${settings}`,
      properties(brokerSettings(config, {
        size,
        n,
        // From where it starts: a list of folders, as Kafka reads it, allows no comma in a path.
        data: dataOf(n),
        removes: this.#platform.os !== "windows",
        wires: this.#wires.size > 0,
        ...(throwaway && { over: throwaway.settings }),
      })),
      { mode: 0o600 },
    );
    const java = (main: string, args: readonly string[]): Program => ({
      command: prepared.java.command,
      cwd: this.#folder,
      args: [
        `${CHECKOUT_PROPERTY}${config.folders.root}`,
        ...kafkaArgs({
          cwd: this.#folder,
          jars: prepared.kafkaJars,
          platform: this.#platform,
          main,
          args,
          ...(throwaway && { heapMegabytes: throwaway.heapMegabytes }),
        }),
      ],
    });
    if (await inspectDataFolder(data, { n, clusterId }) === "empty") {
      this.#stateFile.doing("Preparing storage");
      const format = ["format", "--ignore-formatted", "-t", clusterId, "-c", settings];
      const tool = java("kafka.tools.StorageTool", format);
      if (!await managed.runTool(tool)) {
        throw new Error(
          `Cannot prepare the storage of ${managed.name}: ${whyItEnded(managed.log.lines)}`,
        );
      }
    }
    this.#stateFile.doing(size === 1 ? "Starting the broker" : "Starting the brokers");
    const broker = java("kafka.Kafka", [settings]), megabytes = this.#smallDisks.get(n);
    this.#smallDisks.delete(n);
    if (megabytes === undefined) return await managed.start(broker);
    await startOnSmallDisk(managed, broker, { data, megabytes, platform: this.#platform });
  }

  /** A broker is ready when it answers and counts every broker of the cluster in. */
  async #isReady(n: number, clusterId: string): Promise<boolean> {
    const seen = await askMetadata(brokerPorts(this.#plan.config, n).broker);
    return seen.clusterId === clusterId && seen.brokers.length === this.#plan.size;
  }

  /** Makes the internal topics, so that no first consumer finds them missing; looks for lost data. */
  async #ready(): Promise<void> {
    const [first] = this.#brokers;
    const { broker } = brokerPorts(this.#plan.config, first!.n);
    for (const kind of ["group", "transaction"] as const) {
      await first!.managed.ready(async () => await askCoordinator(broker, kind) === 0);
    }
    for (const { n, managed } of this.#brokers) {
      const stray = await strayTopics(this.#data(n));
      if (stray.length > 0) {
        throw new Error(
          `Cannot use the data folder "${this.#data(n)}": ${strayWords(stray)} ` +
            `(run "deno task reset" to start without data)`,
        );
      }
      for (const partition of partitionsCut(managed.log.lines)) {
        this.#stateFile.warn(
          `${managed.name}: records at the end of ${partition} were damaged and cut off`,
        );
      }
    }
  }

  async #takeInventories(): Promise<void> {
    if (this.#meta === undefined) return;
    const inventories: Record<string, Inventory> = {};
    for (const { n } of this.#brokers) {
      const { files } = await list(this.#data(n));
      // Kafka leaves this file when it has written everything.
      if (files.includes(".kafka_cleanshutdown")) {
        inventories[n] = await takeInventory(this.#data(n));
      }
    }
    writeJson(`${this.#folder}/cluster.json`, { ...this.#meta, inventories });
  }
}

/** 16 random bytes in URL-safe base 64, as Kafka's own ids; one that begins with "-" reads like an option. */
function randomClusterId(): string {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const id = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
    if (!id.startsWith("-")) return id;
  }
}
