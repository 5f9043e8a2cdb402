/**
 * What is left over when something has ended: members of groups, and processes.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { gone, lookAt, type ProcessId } from "../../lib/cluster/process.ts";
import type { Kafka } from "../../lib/kafka/mod.ts";
import type { Anomaly } from "./anomalies.ts";

/** After so long nothing may be left. */
export const TIDY_MS = 10_000;

/** Members of a group beyond those that live, ten seconds later; gives what is wrong as soon as nothing is. */
export async function memberFaults(
  kafka: Kafka,
  { group, wanted }: { readonly group: string; readonly wanted: number },
): Promise<Anomaly[]> {
  for (const deadlineMs = Date.now() + TIDY_MS;;) {
    const { members, state } = await kafka.groups.describe(group);
    if (members.length === wanted && (state === "Stable" || wanted === 0)) return [];
    if (Date.now() > deadlineMs) {
      const names = members.map(({ member }) => member).join(", ");
      const detail = `${group} has ${members.length} members, not ${wanted}: ${names} (${state})`;
      return [{ kind: "leak", detail }];
    }
    await sleep(200);
  }
}

/** Processes of these that still run after ten seconds. */
export async function processFaults(processes: readonly ProcessId[]): Promise<Anomaly[]> {
  const stay = await Promise.all(
    processes.map(async (one) => await gone(one, TIDY_MS) ? [] : [one.pid]),
  );
  return stay.flat().map((pid) => ({ kind: "leak", detail: `process ${pid} still runs` }));
}

/** A process and all below it. Not on Windows. */
export async function familyOf(pid: number): Promise<readonly ProcessId[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid="] }).output();
  const pairs = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  // The list grows while it is walked: children, then theirs.
  for (const one of family) {
    family.push(...pairs.flatMap(([child, parent]) => parent === one ? [child!] : []));
  }
  return [...(await lookAt(family)).values()];
}

/** kill -9 for every process below this one. Not on Windows. */
export async function killFamily(): Promise<void> {
  const [, ...children] = await familyOf(Deno.pid);
  for (const { pid } of children) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}
