/** A process that we started: its number, and when it began, as numbers are given out again. */
export interface ProcessId {
  readonly pid: number;
  /** The system's own word for the start; compared, never read. */
  readonly started: string;
}

const OS = Deno.build.os;

/** Names a process that runs now; undefined when there is none, or only a zombie. */
export async function identify(pid: number): Promise<ProcessId | undefined> {
  const started = OS === "linux" ? await linuxStart(pid) : await otherStart(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Tells whether exactly this process still runs. */
export async function isRunning(id: ProcessId | undefined): Promise<boolean> {
  return id !== undefined && (await identify(id.pid))?.started === id.started;
}

/** Sends a signal if exactly this process still runs; tells whether it did. */
export async function signal(id: ProcessId | undefined, name: Deno.Signal): Promise<boolean> {
  if (id === undefined || !await isRunning(id)) return false;
  try {
    Deno.kill(id.pid, name);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Asks a process to end, then makes it; resolves when it is gone. */
export async function end(id: ProcessId | undefined, graceMs: number): Promise<void> {
  if (!await signal(id, "SIGTERM")) return;
  if (await gone(id, graceMs)) return;
  await signal(id, "SIGKILL");
  await gone(id, 10_000);
}

/** Waits until a process has ended; false when it had not in time. */
export async function gone(id: ProcessId | undefined, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (await isRunning(id)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** Resident memory in bytes; undefined where the system does not tell. */
export async function memoryBytes(pid: number): Promise<number | undefined> {
  if (OS === "linux") {
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    const kilobytes = status.match(/^VmRSS:\s+(\d+) kB/m)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  }
  const kilobytes = Number(await ask("ps", ["-o", "rss=", "-p", `${pid}`]));
  return kilobytes > 0 ? kilobytes * 1024 : undefined;
}

/** Clock ticks from boot to the start, with the boot they count from. */
async function linuxStart(pid: number): Promise<string | undefined> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => undefined);
  if (stat === undefined) return undefined;
  const started = startOf(stat);
  if (started === undefined) return undefined;
  const boot = await Deno.readTextFile("/proc/sys/kernel/random/boot_id").catch(() => "");
  return `${boot.trim()}/${started}`;
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

async function otherStart(pid: number): Promise<string | undefined> {
  const said = OS === "windows"
    ? await ask("powershell", [
      "-NoProfile",
      "-Command",
      `(Get-Process -Id ${Number(pid)}).StartTime.Ticks`,
    ])
    : await ask("ps", ["-o", "lstart=,state=", "-p", `${pid}`]);
  return said === "" || /\sZ\S*$/.test(said) ? undefined : said.replace(/\s+\S+$/, "") || said;
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : "";
  } catch {
    return "";
  }
}
