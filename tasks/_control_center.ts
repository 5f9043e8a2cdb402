import { isFree, ownerInWords, portOwner } from "../lib/cluster/mod.ts";

/**
 * Says where the Control Center of a cluster is, or who has its port.
 *
 * Waits a little, unless told not to: it is started beside the cluster, and nothing waits for it.
 *
 * @param brokers The cluster's, as `host:port`: at the port may be the page of another checkout.
 */
export async function controlCenterInWords(
  port: number,
  { brokers, waitMs = 5_000 }: { readonly brokers: readonly string[]; readonly waitMs?: number },
): Promise<string> {
  const url = `http://localhost:${port}`;
  const deadlineMs = Date.now() + waitMs;
  do {
    const shows = await brokersShownAt(url);
    if (shows === brokers.join(", ")) return url;
    if (shows !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < deadlineMs);
  if (isFree(port)) {
    return waitMs > 0
      ? `not there yet (it will be at ${url})`
      : 'none (run "deno task control-center")';
  }
  return `port ${port} is taken ${ownerInWords(await portOwner(port))} ` +
    "(end it and the page opens by itself; or set TAXI_CONTROL_CENTER_PORT)";
}

/** What the page at an address shows; empty where it is no Control Center, undefined where nobody answers. */
async function brokersShownAt(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/api/now`, { signal: AbortSignal.timeout(4_000) });
    const { where } = await answer.json().catch(() => ({}));
    return where?.kafka ?? "";
  } catch {
    return undefined;
  }
}
