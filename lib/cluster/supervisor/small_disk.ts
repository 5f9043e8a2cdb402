/**
 * A disk that is full soon, for lessons and tests of what happens then.
 *
 * A real one is for the machine's owner to make. What every user of a Unix may do is to limit how far the files of a
 * process grow: a write beyond that fails as on a full disk, and Kafka does what it does there.
 *
 * @module
 */
import { sleep } from "../../async/mod.ts";
import type { Platform } from "../../platform/mod.ts";
import type { ManagedProcess, Program } from "./managed_process.ts";

/** What POSIX counts the limit in. */
const BLOCK_BYTES = 512;
const LOOK_EVERY_MS = 100;

/** How small it is, and where. */
export interface SmallDisk {
  /** Folder of the broker's data. */
  readonly data: string;
  /** How far a file may grow. */
  readonly megabytes: number;
  readonly platform: Platform;
}

/**
 * Starts a broker, of whose files none grows past a size. Windows knows no such limit: there it is killed at that size,
 * as Kafka ends itself when its only disk is full.
 */
export async function startOnSmallDisk(
  managed: Pick<ManagedProcess, "start" | "pid" | "kill">,
  broker: Program,
  disk: SmallDisk,
): Promise<void> {
  const isLimited = disk.platform.os !== "windows";
  await managed.start(isLimited ? limited(broker, disk.megabytes) : broker);
  if (!isLimited) void killWhenFull(managed, disk);
}

/** The process is still the broker: the shell becomes it. */
function limited({ command, args, ...rest }: Program, megabytes: number): Program {
  const blocks = `${Math.ceil(megabytes * 2 ** 20 / BLOCK_BYTES)}`;
  return {
    ...rest,
    command: "/bin/sh",
    args: ["-c", 'ulimit -f "$0" && exec "$@"', blocks, command, ...args],
  };
}

async function killWhenFull(
  managed: Pick<ManagedProcess, "pid" | "kill">,
  { data, megabytes }: SmallDisk,
): Promise<void> {
  const { pid } = managed;
  while (pid !== undefined && managed.pid === pid) {
    if (await largestSegment(data) > megabytes * 2 ** 20) return managed.kill();
    await sleep(LOOK_EVERY_MS);
  }
}

/** Bytes of the largest segment of all partitions. */
async function largestSegment(data: string): Promise<number> {
  const sizes = [0];
  for (const partition of await namesIn(data)) {
    const segments = (await namesIn(`${data}/${partition}`)).filter((one) => one.endsWith(".log"));
    for (const segment of segments) {
      const found = await Deno.stat(`${data}/${partition}/${segment}`).catch(() => undefined);
      sizes.push(found?.size ?? 0);
    }
  }
  return Math.max(...sizes);
}

/** Nothing is in what is a file, or gone. */
function namesIn(folder: string): Promise<string[]> {
  return Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch(() => []);
}
