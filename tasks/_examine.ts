/**
 * Everything that `deno task doctor` looks at.
 *
 * @module
 */
import {
  clusterConfig,
  diagnose,
  type DiagnoseOptions,
  type Finding,
  NOT_RUNNING,
} from "../lib/cluster/mod.ts";
import type { Environment } from "../lib/settings/mod.ts";
import { askKafka } from "./_ask_kafka.ts";
import { askRegistry } from "./_ask_registry.ts";

/**
 * Looks at this machine, and asks the brokers and the registry that are really meant.
 *
 * @param options.answerTimeoutMs How long each may take to answer. @default about 3 s
 */
export async function examine(
  env: Environment = Deno.env,
  options: Omit<DiagnoseOptions, "config"> & { readonly answerTimeoutMs?: number } = {},
): Promise<Finding[]> {
  const config = clusterConfig(env);
  const [own, kafka, registry] = await Promise.all([
    diagnose({ ...options, config }),
    config.otherKafka ? askKafka(env, options) : [],
    config.otherRegistry ? askRegistry(env, options) : [],
  ]);
  const running = own.find(({ topic, ok, says }) =>
    topic === "brokers" && ok && says !== NOT_RUNNING
  );
  if (!running) return [...own, ...kafka, ...registry];
  const answer = await askKafka(env, options);
  return [...own.flatMap((one) => one === running ? answer : [one]), ...registry];
}
