/**
 * What `deno task doctor` sees when it asks the registry that the environment names.
 *
 * @module
 */
import { schemaRegistry } from "../lib/avro/mod.ts";
import { type Finding, fromError } from "../lib/cluster/mod.ts";
import { type Environment, registrySettings } from "../lib/settings/mod.ts";

const ANSWER_TIMEOUT_MS = 3_000;

/** Asks a registry that is not ours for its rule, which takes a login where it wants one. */
export async function askRegistry(
  env: Environment = Deno.env,
  { answerTimeoutMs = ANSWER_TIMEOUT_MS }: { readonly answerTimeoutMs?: number } = {},
): Promise<Finding[]> {
  const topic = "registry", settings = registrySettings(env);
  try {
    const registry = schemaRegistry({ ...settings, timeoutMs: answerTimeoutMs, retryForMs: 0 });
    const level = await registry.compatibility();
    return [{ topic, ok: true, says: `${settings.url} answers, compatibility ${level}` }];
  } catch (error) {
    const found = fromError(error),
      fix = "is SCHEMA_REGISTRY_URL the address of a schema registry?";
    const hasFix = found.says !== (error as Error).message;
    return [{ topic, ...found, ...(!hasFix && { fix }) }];
  }
}
