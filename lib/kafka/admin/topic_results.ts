import { KafkaError } from "../client/errors.ts";
import { errorOfCode } from "../transport/patches.ts";
import type { TopicResult } from "../wire/api/topic_requests.ts";

/** The optional settings that a refusal is about: those it names, or where a policy names none, all. */
export function refusedSettings(error: unknown, optional: readonly string[]): readonly string[] {
  if (!(error instanceof KafkaError)) return [];
  if (error.code !== "INVALID_CONFIG" && error.code !== "POLICY_VIOLATION") return [];
  const named = optional.filter((name) => error.message.includes(name));
  return named.length > 0 ? named : optional;
}

/** @throws An error with Kafka's word and, as `said`, the broker's sentence */
export function failOn({ errorCode, said }: TopicResult): void {
  if (errorCode !== 0) throw errorOfCode(errorCode, said);
}
