/**
 * The cluster that answers, or one for this run only.
 *
 * @module
 */
import { kafkaSettings } from "../lib/settings/mod.ts";
import { withCluster, type World } from "./_world.ts";

/**
 * Uses the cluster that answers, or one made on ports of its own and thrown away afterwards.
 *
 * @param say Tells that a cluster is started. @default to stderr
 */
export async function onCluster<T>(
  use: (env: World) => Promise<T>,
  say: (line: string) => void = console.error,
): Promise<T> {
  const { local, brokers } = kafkaSettings();
  if (!local || await answers(brokers[0]!)) {
    return await use({});
  }
  say("No Kafka answers: starting one for this run");
  return await withCluster(use);
}

async function answers(broker: string): Promise<boolean> {
  const colon = broker.lastIndexOf(":");
  try {
    const hostname = broker.slice(0, colon), port = Number(broker.slice(colon + 1));
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch {
    return false;
  }
}
