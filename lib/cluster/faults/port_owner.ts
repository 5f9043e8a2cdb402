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

/** True when we could listen on this loopback port now. */
export function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false;
  }
}

/** Finds who listens on a port; undefined when nobody does or nobody tells. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  if (Deno.build.os === "linux") return await linuxOwner(port);
  if (Deno.build.os === "windows") return await windowsOwner(port);
  const said = await output("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpu"]);
  const pid = Number(said.match(/^p(\d+)$/m)?.[1]);
  if (!pid) return undefined;
  return described({ pid, command: await output("ps", ["-o", "command=", "-p", `${pid}`]) });
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
  const checkout = command.match(/-Dtaxi\.streams\.checkout=([^\0\n]*?)(?:\0|\n| -|$)/)?.[1] ??
    command.match(/([^\0\n]*)\/lib\/(?:cluster\/supervisor\/main\.ts|lab\/server\/start\.py)/)?.[1]
      ?.replace(/^.* (?=\/)/, "");
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

async function windowsOwner(port: number): Promise<PortOwner | undefined> {
  const said = await output("netstat", ["-ano", "-p", "TCP"]);
  const pid = Number(said.match(new RegExp(`:${port}\\s+\\S+\\s+LISTENING\\s+(\\d+)`))?.[1]);
  if (!pid) return undefined;
  const task = await output("tasklist", ["/fi", `PID eq ${pid}`, "/fo", "csv", "/nh"]);
  return described({ pid, command: task.split(",")[0]?.replaceAll('"', "") ?? "" });
}

async function output(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return "";
  }
}
