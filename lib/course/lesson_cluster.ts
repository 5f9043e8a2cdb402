import { type ThrowawayCluster, throwawayCluster, type ThrowawayOptions } from "../cluster/mod.ts";
import { connect, type Kafka } from "../kafka/mod.ts";
import { here } from "../platform/mod.ts";
import { progress } from "../show/mod.ts";
import { closeEarlier } from "./close_earlier.ts";
import type { Closable } from "./lesson.ts";
import { type LessonMember, type LessonMemberOptions, spawnMember } from "./lesson_member.ts";
import { stopSignal } from "./stop_button.ts";

/** Which brokers a lesson starts for itself. */
export interface LessonClusterOptions {
  /** Three can lose one. @default 1 */
  readonly brokers?: 1 | 3;
  /** Settings of every broker by Kafka's names, over those of the lab's brokers. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Opens a Control Center beside it, of which `controlCenter` is the address. @default false */
  readonly controlCenter?: boolean;
}

/** A file in which a broker keeps records of a partition. */
export interface SegmentFile {
  /** Where it is on this machine. */
  readonly path: string;
  /** Its name: the offset at which it begins. */
  readonly firstOffset: number;
}

/** What a lesson's cluster needs of a lesson. */
export interface ClusterKeeper {
  /** Short name, such as `nb21`. */
  readonly id: string;
  /** Closes it with the lesson. */
  keep<T extends Closable>(key: string, handle: T): Promise<T>;
}

/** What a test replaces. */
export interface LessonClusterWorld {
  /** Starts the brokers. */
  readonly start: (options: ThrowawayOptions) => Promise<ThrowawayCluster>;
  /** Connects to them. */
  readonly connect: (brokers: readonly string[]) => Promise<Kafka>;
  /** What this machine has left. */
  readonly availableBytes: () => number;
  /** Told what happens while they start. */
  readonly say: (text: string) => unknown;
}

/** So that a slow machine has the time to show what happens while followers are behind; 10 s in the lab. */
const SETTINGS = { "replica.lag.time.max.ms": "30000" };

const BATCH_HEADER_BYTES = 61;

/** A little more than the largest file that Kafka itself makes, an index of 10 MB that is almost empty. */
const SMALL_DISK_MEGABYTES = 12;

/** Heap of each broker; with what Java itself needs, a broker has about twice as much. */
const HEAP_MEGABYTES = 128, BROKER_BYTES = 300e6;

/**
 * Starts brokers of the lesson's own beside the lab's, with data of their own: what the lesson does to them harms nobody.
 *
 * They end with the lesson, within seconds after ■, and when the kernel is gone, and leave nothing behind. When the cell
 * runs again, new brokers without data take their place.
 *
 * ```ts ignore
 * const three = await lessonCluster(lesson, { brokers: 3 });
 * await three.kafka.topics.create("rides", { partitions: 1 });
 * await three.kill(2);                             // as a power cut would
 * await three.restore();                           // broker 2 is back
 * await three.cutWire(1);                          // nobody copies from broker 1 …
 * await three.mendWire(1);                         // … until now
 * await three.smallDisk(3);                        // it will be full
 * ```
 * @throws {Error} If the memory that is left is too little for them, or they cannot start.
 */
export async function lessonCluster(
  lesson: ClusterKeeper,
  options: LessonClusterOptions = {},
): Promise<LessonCluster> {
  const { brokers = 1 } = options;
  const bar = await progress({ label: brokersInWords(brokers) });
  const began = performance.now();
  const starting = startLessonCluster(lesson, options, {
    start: throwawayCluster,
    connect: (brokers) =>
      connect({
        settings: { brokers, local: false, ssl: false },
        ...{ onConsumer: closeEarlier(), stopSignal },
      }),
    availableBytes: () => here.memory().availableBytes,
    say: (text) => bar.update(0, text),
  });
  starting.catch(() => bar.done("not started"));
  const cluster = await starting;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const memory = megabytes(await cluster.memoryBytes());
  await bar.done(`ready after ${seconds} s, with ${memory} of memory`);
  return cluster;
}

/** `lessonCluster()` in a given world. */
export async function startLessonCluster(
  lesson: ClusterKeeper,
  options: LessonClusterOptions,
  world: LessonClusterWorld,
): Promise<LessonCluster> {
  const { brokers = 1 } = options, signal = stopSignal();
  // The earlier run of the cell ends first: there may be no memory for both.
  await lesson.keep("cluster", { close: () => {} });
  const needed = brokers * BROKER_BYTES, available = world.availableBytes();
  if (available < needed) {
    throw new Error(
      `Cannot start ${brokersInWords(brokers)} for this lesson: ` +
        `they need ${megabytes(needed)} of memory, ${megabytes(available)} are free ` +
        `(shut the kernels of other notebooks down)`,
    );
  }
  const started = await world.start({
    ...{ ...options, name: lesson.id, heapMegabytes: HEAP_MEGABYTES, signal },
    settings: { ...SETTINGS, ...options.settings },
    progress: ({ text }) => void world.say(text),
  });
  let kafka: Kafka;
  try {
    kafka = await world.connect(started.brokers);
  } catch (error) {
    await started.close();
    throw error;
  }
  const cluster = new LessonCluster(started, kafka, brokers);
  // ■ ends what a lesson began: nobody can say in which state it is.
  signal.addEventListener("abort", () => void cluster.close(), { once: true });
  if (signal.aborted) await cluster.close();
  signal.throwIfAborted();
  return await lesson.keep("cluster", cluster);
}

function brokersInWords(count: number): string {
  return count === 1 ? "a broker" : `${count} brokers`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
}

/** Brokers of a lesson's own, with buttons for what goes wrong: nothing else can be reached by them. */
export class LessonCluster {
  /** A connection to them; it ends with them. */
  readonly kafka: Kafka;
  /** Address of their Control Center; undefined where none was asked for. */
  readonly controlCenter: string | undefined;
  readonly #cluster: ThrowawayCluster;
  readonly #size: number;
  readonly #cut = new Set<number>();
  readonly #small = new Set<number>();
  readonly #members = new Map<string, LessonMember>();
  #closed: Promise<void> | undefined;

  /** Use {@linkcode lessonCluster}. */
  constructor(cluster: ThrowawayCluster, kafka: Kafka, size: number) {
    this.#cluster = cluster;
    this.#size = size;
    this.kafka = kafka;
    this.controlCenter = cluster.controlCenter;
  }

  /**
   * The segments of a partition, as files on a broker's disk.
   *
   * @param options.partition @default 0
   * @param options.broker Number of the broker, from 1. @default 1
   * @returns In the order of their offsets; empty where the broker has no copy.
   */
  async segments(
    topic: string,
    options: { readonly partition?: number; readonly broker?: number } = {},
  ): Promise<readonly SegmentFile[]> {
    const { partition = 0, broker = 1 } = options;
    this.#mustBeThere("read the files of", broker);
    const folder = `${this.#cluster.dataOf(broker)}/${topic}-${partition}`;
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch(() => []);
    const logs = names.filter((name) => name.endsWith(".log")).sort();
    return logs.map((name) => ({ path: `${folder}/${name}`, firstOffset: parseInt(name, 10) }));
  }

  /**
   * The offset after the last record in a broker's copy of a partition, as the broker's files say: also of one that has
   * ended, and of records that no reader gets.
   *
   * @param options.partition @default 0
   * @param options.broker Number of the broker, from 1. @default 1
   */
  async endOfCopy(
    topic: string,
    options: { readonly partition?: number; readonly broker?: number } = {},
  ): Promise<number> {
    const segments = await this.segments(topic, options);
    for (const { path, firstOffset } of [...segments].reverse()) {
      const bytes = await Deno.readFile(path), view = new DataView(bytes.buffer);
      let end = firstOffset;
      for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.length; at += 12 + view.getInt32(at + 8)) {
        // The rest of the file is room that is not written yet.
        if (view.getInt32(at + 8) <= 0) break;
        end = Number(view.getBigInt64(at)) + view.getInt32(at + 23) + 1;
      }
      if (end > firstOffset || firstOffset === 0) return end;
    }
    return 0;
  }

  /** Kills a broker as a power cut would. @param n Number of the broker, from 1 */
  async kill(n: number): Promise<void> {
    await this.#mustRun("kill", n);
    await this.#cluster.kill(n);
  }

  /** Stops a broker in order: it hands its partitions over. @param n Number of the broker, from 1 */
  async stop(n: number): Promise<void> {
    await this.#mustRun("stop", n);
    await this.#cluster.stop(n);
  }

  /**
   * Starts all brokers again that have ended, on large disks, and mends all wires; waits until they know each other.
   */
  async restore(): Promise<void> {
    this.#mustBeOpen("restore the brokers");
    for (const n of this.#cut) await this.mendWire(n);
    for (const n of this.#small) {
      // It may have ended by itself just now.
      if (await this.#runs(n)) await this.#cluster.stop(n).catch(() => {});
    }
    this.#small.clear();
    for (let n = 1; n <= this.#size; n++) {
      // One start starts them all.
      if (!await this.#runs(n)) return await this.#cluster.start(n);
    }
  }

  /**
   * Starts a broker again on a disk that is full once a file has grown to 12 MB. Kafka then ends by itself, as the write
   * fails and it has no other disk. `restore()` gives it a large one.
   *
   * What stands for the full disk is the system's limit for the files of a process (`ulimit -f`). Windows has none: there
   * the broker is killed at that size.
   *
   * @param n Number of the broker, from 1
   */
  async smallDisk(n: number): Promise<void> {
    await this.#mustRun("give a small disk to", n);
    await this.#cluster.smallDisk(n, SMALL_DISK_MEGABYTES);
    this.#small.add(n);
  }

  /** Why a broker has ended, in plain words; undefined while it runs. @param n Number of the broker, from 1 */
  async whyEnded(n: number): Promise<string | undefined> {
    this.#mustBeThere("look at", n);
    const { running, why = "it has ended" } = await this.#cluster.look(n);
    return running ? undefined : why;
  }

  /**
   * Lets nobody copy from a broker until `mendWire()`: its followers fall behind. Clients still reach it. Kafka takes them
   * for in sync until they have been behind for `replica.lag.time.max.ms`.
   *
   * @param n Number of the broker, from 1
   */
  async cutWire(n: number): Promise<void> {
    await this.#mustRun("cut the wire of", n);
    if (this.#size === 1) {
      throw new RangeError("Cannot cut the wire of broker 1: nobody copies from the only broker");
    }
    await this.#cluster.cutWire(n);
    this.#cut.add(n);
  }

  /** Lets the others copy again. @param n Number of the broker, from 1 */
  async mendWire(n: number): Promise<void> {
    this.#mustBeOpen(`mend the wire of broker ${n}`);
    await this.#cluster.mendWire(n);
    this.#cut.delete(n);
  }

  /**
   * Starts a member of a group as a process of its own, which can be frozen; each record's value says for how many
   * milliseconds it works on it. Resolves when it knows its partitions. It ends with the brokers; one of the same name
   * that was started before ends first.
   *
   * ```ts ignore
   * const z = await own.startMember({ name: "z", group: "g", topics: "rides" });
   * await z.freeze();
   * await z.thaw();
   * ```
   * @throws {Error} If it cannot join
   */
  async startMember(options: LessonMemberOptions): Promise<LessonMember> {
    const doing = `start member ${options.name}`;
    this.#mustBeOpen(doing);
    await this.#members.get(options.name)?.close();
    const member = await spawnMember(this.#cluster.brokers, options);
    this.#members.set(options.name, member);
    // It may have been closed meanwhile, and knew nothing of this one.
    if (this.#closed !== undefined) await member.close();
    this.#mustBeOpen(doing);
    await member.joined();
    return member;
  }

  /** Memory that the brokers have now. */
  memoryBytes(): Promise<number> {
    return this.#cluster.memoryBytes();
  }

  /** Ends the brokers and members, and removes their data. Safe twice. */
  close(): Promise<void> {
    return this.#closed ??= (async () => {
      await Promise.all([...this.#members.values()].map((member) => member.close()));
      await this.kafka.close().catch(() => {});
      await this.#cluster.close();
    })();
  }

  #mustBeOpen(doing: string): void {
    if (this.#closed === undefined) return;
    throw new Error(
      `Cannot ${doing}: the lesson's cluster has ended (run the cell that starts it)`,
    );
  }

  #mustBeThere(doing: string, n: number): void {
    this.#mustBeOpen(`${doing} broker ${n}`);
    if (Number.isInteger(n) && n >= 1 && n <= this.#size) return;
    throw new RangeError(`Cannot ${doing} broker ${n}: there are brokers 1 to ${this.#size}`);
  }

  async #runs(n: number): Promise<boolean> {
    return (await this.#cluster.look(n)).running;
  }

  async #mustRun(doing: string, n: number): Promise<void> {
    this.#mustBeThere(doing, n);
    if (await this.#runs(n)) return;
    throw new Error(`Cannot ${doing} broker ${n}: it has ended already (start it with restore())`);
  }
}
