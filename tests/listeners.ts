/**
 * What a process and its descendants listen on, as the kernel tells it; Linux only.
 *
 * @module
 */

/** An open port. */
export interface Listener {
  readonly pid: number;
  readonly port: number;
  /** Whether other machines cannot reach it. */
  readonly loopback: boolean;
}

/** The process and everything it started, directly or not. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = textOf(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    parents.set(Number(name), parent);
  }
  const family = [pid];
  for (const one of family) {
    for (const [child, parent] of parents) if (parent === one) family.push(child);
  }
  return family;
}

/** The ports that these processes listen on, TCP in both families. */
export function listenersOf(pids: readonly number[]): Listener[] {
  const owners = new Map<string, number>();
  for (const pid of pids) for (const inode of socketsOf(pid)) owners.set(inode, pid);
  return ["tcp", "tcp6"].flatMap((table) =>
    textOf(`/proc/net/${table}`).split("\n").flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const pid = owners.get(inode);
      if (state !== "0A" || pid === undefined) return [];
      const [address = "", port = ""] = local.split(":");
      return [{ pid, port: parseInt(port, 16), loopback: LOOPBACK.test(address) }];
    })
  );
}

/** 127.x.x.x, the same written in IPv6, and ::1: words of four bytes, the last byte first. */
const LOOPBACK = /^([0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F|0{24}01000000)$/;

/** What stands on a process's command line. */
export function commandLine(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function socketsOf(pid: number): string[] {
  const found: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      const target = linkOf(`/proc/${pid}/fd/${name}`);
      const inode = target.match(/^socket:\[(\d+)\]$/)?.[1];
      if (inode) found.push(inode);
    }
  } catch {
    // It has ended meanwhile.
  }
  return found;
}

function linkOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
