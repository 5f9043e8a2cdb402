import { sleep } from "../lib/async/mod.ts";
import { isFree, ownerInWords, portOwner } from "../lib/cluster/mod.ts";

/**
 * Says where the Control Center of a cluster is, or who has its port.
 *
 * Waits a little, unless told not to: it is started beside the cluster, and nothing waits for it.
 *
 * @param options.brokers The cluster's, as `host:port`: at the port may be the page of another checkout.
 * @param options.clusterId Asks the cluster for its id: a page in a container knows it by another address.
 */
export async function controlCenterInWords(
  port: number,
  { brokers, clusterId, waitMs = 5_000 }: {
    readonly brokers: readonly string[];
    readonly clusterId?: () => Promise<string | null>;
    readonly waitMs?: number;
  },
): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const deadlineMs = Date.now() + waitMs;
  do {
    const shown = await shownAt(url);
    if (shown?.kafka === brokers.join(", ")) return url;
    if (shown?.clusterId && shown.clusterId === await clusterId?.()) return url;
    if (shown !== undefined && shown.clusterId !== null) break;
    await sleep(100);
  } while (Date.now() < deadlineMs);
  if (await isFree(port)) {
    return waitMs > 0
      ? `not there yet (it will be at ${url})`
      : 'none (run "deno task control-center")';
  }
  return `port ${port} is taken ${ownerInWords(await portOwner(port))} ` +
    "(end it and the page opens by itself; or set TAXI_CONTROL_CENTER_PORT)";
}

/**
 * The cluster that the page at an address shows; undefined where nobody answers.
 *
 * Its id is null while the page has not seen its cluster yet, and it is empty where this is no Control Center.
 */
async function shownAt(
  url: string,
): Promise<{ readonly kafka?: string; readonly clusterId?: string | null } | undefined> {
  try {
    const answer = await fetch(`${url}/api/now`, { signal: AbortSignal.timeout(4_000) });
    const { where } = await answer.json().catch(() => ({}));
    return where ?? {};
  } catch {
    return undefined;
  }
}
