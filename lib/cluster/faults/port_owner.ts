import { connect } from "node:net";
import { here, listenOnLoopback, type Platform } from "../../platform/mod.ts";

/** Who listens on a port, as far as the system tells. */
export interface PortOwner {
  /** Undefined where the system does not tell, as for another user's process. */
  readonly pid?: number;
  /** Numeric user; told even where the process is not. */
  readonly uid?: number;
  /** Its command line, shortened. */
  readonly command?: string;
  /** Folder of the Taxi Streams checkout it belongs to, when it is one. */
  readonly checkout?: string;
}

/** What becomes of an attempt to listen on a loopback port. */
export type PortState = "free" | "taken" | "reserved";

/** A port of this machine answers at once or not at all; Windows alone tries a refused one again for two seconds. */
const ANSWERS_WITHIN_MS = 1_000;

/**
 * Tells whether we could listen on a loopback port now, and nobody else already answers there.
 *
 * Windows and macOS let two programs listen on one port, one on every address and one on loopback: there the port is
 * asked, too. `reserved`: Windows keeps it for Hyper-V, WSL or Docker although nothing listens.
 */
export async function portState(
  port: number,
  { platform = here, listen = listenOnLoopback }: {
    readonly platform?: Platform;
    /** Tries to listen; a test gives another system's answer. */
    readonly listen?: (port: number) => void;
  } = {},
): Promise<PortState> {
  try {
    listen(port);
  } catch (error) {
    const refused = platform.os === "windows" && error instanceof Deno.errors.PermissionDenied;
    // Windows refuses in the same way what another program has for itself alone.
    return refused && await portOwner(port, platform) === undefined ? "reserved" : "taken";
  }
  return platform.os !== "linux" && await answers(port) ? "taken" : "free";
}

/** True when we could listen on this loopback port now and nobody answers there. */
export async function isFree(port: number): Promise<boolean> {
  return await portState(port) === "free";
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port, timeout: ANSWERS_WITHIN_MS });
  socket.once("connect", () => resolve(true));
  socket.once("timeout", () => resolve(false));
  socket.once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** Finds who listens on a port; undefined when nobody does or nobody tells. */
export async function portOwner(
  port: number,
  platform: Platform = here,
): Promise<PortOwner | undefined> {
  if (platform.os === "linux") return await linuxOwner(port);
  if (platform.os === "windows") return await windowsOwner(port, platform);
  const said = await output(platform, "lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpu"]);
  const pid = Number(said.match(/^p(\d+)$/m)?.[1]);
  if (!pid) return undefined;
  return described({
    pid,
    command: await output(platform, "ps", ["-o", "command=", "-p", `${pid}`]),
  });
}

/**
 * Says in one clause who holds a port.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ownerInWords } from "./port_owner.ts";
 * assert.equal(ownerInWords({ pid: 7, command: "nginx -g x" }), 'by process 7 "nginx -g x"');
 * assert.equal(ownerInWords({ pid: 7, checkout: "/home/ada/taxi" }),
 *   'by the Taxi Streams checkout in "/home/ada/taxi" (process 7)');
 * assert.equal(ownerInWords(undefined), "by another process");
 * ```
 */
export function ownerInWords(owner: PortOwner | undefined): string {
  if (owner?.checkout !== undefined) {
    return `by the Taxi Streams checkout in "${owner.checkout}" (process ${owner.pid})`;
  }
  if (owner?.pid !== undefined) return `by process ${owner.pid} "${owner.command ?? ""}"`;
  if (owner?.uid !== undefined && owner.uid !== Deno.uid()) {
    return `by a process of user ${owner.uid}`;
  }
  return "by another process";
}

/** Our Java processes carry the checkout's folder, so that another checkout can name them. */
export const CHECKOUT_PROPERTY = "-Dtaxi.streams.checkout=";

/** Adds the checkout and cuts the command to a readable length. */
export function described(owner: { pid: number; command: string }): PortOwner {
  const { pid, command } = owner;
  const checkout = command.match(/-Dtaxi\.streams\.checkout=([^\0\n"]*?)(?:[\0\n"]| -|$)/)?.[1] ??
    command.match(
      /([^\0\n"]*)[/\\]lib[/\\](?:cluster[/\\]supervisor[/\\]main\.ts|lab[/\\]server[/\\]start\.py)/,
    )?.[1]?.replace(/^.* (?=\/|[A-Za-z]:[/\\])/, "");
  const short = command.replaceAll("\0", " ").trim();
  return {
    pid,
    command: short.length > 60 ? `${short.slice(0, 57)}...` : short,
    ...(checkout !== undefined && { checkout }),
  };
}

/**
 * Finds the listening socket of a port in `/proc/net/tcp`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listeningSocket } from "./port_owner.ts";
 * const table = "  0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1";
 * assert.deepEqual(listeningSocket(table, 9092), { uid: 1000, inode: "4711" });
 * assert.equal(listeningSocket(table, 9093), undefined);
 * ```
 */
export function listeningSocket(
  table: string,
  port: number,
): { readonly uid: number; readonly inode: string } | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  for (const line of table.split("\n")) {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/);
    if (state === "0A" && local?.endsWith(`:${wanted}`) && inode) {
      return { uid: Number(uid), inode };
    }
  }
  return undefined;
}

async function linuxOwner(port: number): Promise<PortOwner | undefined> {
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await Deno.readTextFile(table).catch(() => "");
    const socket = listeningSocket(text, port);
    if (socket === undefined) continue;
    const pid = pidOfSocket(socket.inode);
    if (pid === undefined) return { uid: socket.uid };
    const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    return { ...described({ pid, command }), uid: socket.uid };
  }
  return undefined;
}

/** Looks through the open files of every process we may look into. */
function pidOfSocket(inode: string): number | undefined {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      for (const file of Deno.readDirSync(`/proc/${name}/fd`)) {
        if (Deno.readLinkSync(`/proc/${name}/fd/${file.name}`) === `socket:[${inode}]`) {
          return Number(name);
        }
      }
    } catch {
      // It ended meanwhile, or belongs to another user.
    }
  }
  return undefined;
}

/** The word for "listening" is translated: a listener is known by having no remote end. */
async function windowsOwner(port: number, platform: Platform): Promise<PortOwner | undefined> {
  const pid = listenerIn(await output(platform, "netstat", ["-ano"]), port);
  if (pid === undefined) return undefined;
  const command = await output(platform, "powershell", [
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    `(Get-CimInstance Win32_Process -Filter 'ProcessId=${Number(pid)}').CommandLine`,
  ]);
  if (command !== "") return described({ pid, command });
  const task = await output(platform, "tasklist", ["/fi", `PID eq ${pid}`, "/fo", "csv", "/nh"]);
  return described({ pid, command: task.split(",")[0]?.replaceAll('"', "") ?? "" });
}

/**
 * Finds the process that listens on a port in what Windows' `netstat -ano` prints, in any language.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listenerIn } from "./port_owner.ts";
 * assert.equal(listenerIn("  TCP    0.0.0.0:9092     0.0.0.0:0      ABHÖREN         4711", 9092), 4711);
 * assert.equal(listenerIn("  TCP    127.0.0.1:9092   127.0.0.1:5123 HERGESTELLT     4711", 9092), undefined);
 * ```
 */
export function listenerIn(netstat: string, port: number): number | undefined {
  for (const line of netstat.split("\n")) {
    const [protocol, local, foreign, ...rest] = line.trim().split(/\s+/);
    if (protocol !== "TCP" || !local?.endsWith(`:${port}`)) continue;
    if (foreign === "0.0.0.0:0" || foreign === "[::]:0") return Number(rest.at(-1)) || undefined;
  }
  return undefined;
}

async function output(
  { run }: Platform,
  command: string,
  args: readonly string[],
): Promise<string> {
  return (await run(command, args))?.output.trim() ?? "";
}
