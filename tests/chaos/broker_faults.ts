/**
 * Takes a broker away under a running application, gives it back, and measures how long everything stands still.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import type { Anomaly } from "./anomalies.ts";
import type { Cluster } from "./clusters.ts";
import type { EchoRun, Harm } from "./echo_run.ts";

/** Processing that has not gone on this long after the broker is back does not; how fast it is are figures. */
const RECOVERY_MS = 60_000;

/** What is done to a broker, and for how long. */
export interface Bounce {
  readonly by: "SIGTERM" | "SIGKILL";
  readonly broker: number;
  readonly downMs: number;
}

/** Ends a broker, starts it again; gives how long after that the first new record came out. */
export async function bounce(
  cluster: Cluster,
  { by, broker, downMs }: Bounce,
  { feed, reader }: Harm,
): Promise<number> {
  await (by === "SIGTERM" ? cluster.stop(broker) : cluster.kill(broker));
  await sleep(downMs);
  await cluster.start(broker);
  return await reader.sees(`${feed.written}`);
}

/** What is wrong beside the records: processes that died, and times beyond the allowed. */
export function livenessFaults(
  { crashes, lines }: Pick<EchoRun, "crashes" | "lines">,
  { recoveriesMs, mostMs = RECOVERY_MS }: {
    readonly recoveriesMs: readonly number[];
    readonly mostMs?: number;
  },
): Anomaly[] {
  const slow = recoveriesMs.filter((ms) => ms > mostMs);
  // A worker that lives says nothing but events.
  const last = lines.filter((line) => !line.startsWith("{")).slice(0, 8).join(" | ");
  return [
    ...slow.map((ms): Anomaly => ({
      kind: "stall",
      detail: `${Math.round(ms)} ms until the first new record, not ${mostMs}`,
    })),
    ...(crashes > 0
      ? [{ kind: "wrong exit" as const, detail: `${crashes} workers ended: ${last}` }]
      : []),
  ];
}
