import { sleep } from "../async/mod.ts";
import { here, type Platform } from "../platform/mod.ts";

/** A process that we started: its number, and when it began, as numbers are given out again. */
export interface ProcessId {
  readonly pid: number;
  /** The system's own word for the start; compared, never read. Empty where the system did not tell. */
  readonly started: string;
}

/** What the system tells of a process that runs. */
export interface SeenProcess extends ProcessId {
  /** Resident memory. */
  readonly memoryBytes: number;
}

/** Looks at processes, all with one question; those that do not run, or are zombies, are not in the answer. */
export async function lookAt(
  pids: readonly number[],
  platform: Platform = here,
): Promise<ReadonlyMap<number, SeenProcess>> {
  if (pids.length === 0) return new Map();
  const seen = platform.os === "linux"
    ? await Promise.all(pids.map(linuxProcess))
    : platform.os === "windows"
    ? await windowsProcesses(pids, platform)
    : await unixProcesses(pids, platform);
  return new Map(seen.filter((one) => one !== undefined).map((one) => [one.pid, one]));
}

/** Names a process that runs now; undefined when there is none, or the system does not tell. */
export async function identify(
  pid: number,
  platform: Platform = here,
): Promise<ProcessId | undefined> {
  const seen = (await lookAt([pid], platform)).get(pid);
  return seen && { pid, started: seen.started };
}

/** Tells whether exactly this process still runs. False also where the system does not tell. */
export async function isRunning(
  id: ProcessId | undefined,
  platform: Platform = here,
): Promise<boolean> {
  return id !== undefined && id.started !== "" &&
    (await identify(id.pid, platform))?.started === id.started;
}

/** Kills exactly this process; resolves when it is gone. Never another one that has its number now. */
export async function kill(id: ProcessId | undefined, platform: Platform = here): Promise<void> {
  if (id === undefined || !await isRunning(id, platform)) return;
  platform.kill(id.pid, "SIGKILL");
  await gone(id, 10_000, platform);
}

/** Waits until a process has ended; false when it had not in time. */
export async function gone(
  id: ProcessId | undefined,
  timeoutMs: number,
  platform: Platform = here,
): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (await isRunning(id, platform)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(50);
  }
  return true;
}

async function linuxProcess(pid: number): Promise<SeenProcess | undefined> {
  const read = (path: string) => Deno.readTextFile(path).catch(() => "");
  const started = startOf(await read(`/proc/${pid}/stat`));
  if (started === undefined) return undefined;
  // Clock ticks from boot to the start, with the boot they count from.
  const boot = await read("/proc/sys/kernel/random/boot_id");
  const kilobytes = (await read(`/proc/${pid}/status`)).match(/^VmRSS:\s+(\d+) kB/m)?.[1];
  return { pid, started: `${boot.trim()}/${started}`, memoryBytes: Number(kilobytes ?? 0) * 1024 };
}

/**
 * Reads the start out of `/proc/PID/stat`; undefined for a zombie, which has ended but was not collected.
 *
 * @example The name may hold spaces and brackets, so fields count from its last bracket
 * ```ts
 * import assert from "node:assert/strict";
 * import { startOf } from "./process.ts";
 * const rest = "1 7 7 0 -1 4194304 1 0 0 0 9 2 0 0 20 0 43 0 8812 1 2 3";
 * assert.equal(startOf(`7 (my (odd) name) S ${rest}`), "8812");
 * assert.equal(startOf(`7 (java) Z ${rest.replace(" 43 ", " 1 ")}`), undefined);
 * ```
 */
export function startOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, threads, started] = [fields[0], Number(fields[17]), fields[19]];
  // A process is a zombie as soon as its first thread has ended; the others may still write.
  return state === "X" || (state === "Z" && threads <= 1) ? undefined : started;
}

/** `ps` writes local time in the terminal's language: both are fixed, so that a start reads the same for everybody. */
async function unixProcesses(
  pids: readonly number[],
  { env, run }: Platform,
): Promise<SeenProcess[]> {
  const ended = await run("ps", ["-o", "pid=,rss=,state=,lstart=", "-p", pids.join()], {
    env: { ...env.toObject(), TZ: "UTC", LC_ALL: "C" },
  });
  const lines = ended?.output.split("\n").map((line) => line.trim().split(/\s+/)) ?? [];
  return lines.filter(([pid, , state]) => pid && !state?.startsWith("Z"))
    .map(([pid, kilobytes, , ...started]) => ({
      pid: Number(pid),
      started: started.join(" "),
      memoryBytes: Number(kilobytes) * 1024,
    }));
}

/** A PowerShell takes half a second to start: one for all processes. Some schools forbid it: then nothing is told. */
async function windowsProcesses(
  pids: readonly number[],
  { run }: Platform,
): Promise<SeenProcess[]> {
  const ended = await run("powershell", [
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    `Get-Process -Id ${pids.map(Number).join()} -ErrorAction SilentlyContinue | ` +
    "ForEach-Object { '{0} {1} {2}' -f $_.Id, $_.WorkingSet64, $_.StartTime.ToFileTimeUtc() }",
  ]);
  const lines = [...(ended?.output ?? "").matchAll(/^(\d+) (\d+) (\d+)\s*$/gm)];
  return lines.map(([, pid, bytes, started]) => ({
    pid: Number(pid),
    started: started!,
    memoryBytes: Number(bytes),
  }));
}
