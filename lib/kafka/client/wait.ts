import { sleep } from "../../async/mod.ts";
import { KafkaError } from "./errors.ts";

/**
 * Asks again and again until the answer is true.
 *
 * @param fact What is waited for, to stand after "Cannot wait for".
 * @throws {KafkaError} When it is not so after `timeoutMs`.
 */
export async function waitUntil(
  fact: string,
  holds: () => Promise<boolean>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { timeoutMs = 30_000, signal } = options;
  const deadlineMs = Date.now() + timeoutMs;
  for (let everyMs = 10;; everyMs = Math.min(everyMs * 2, 200)) {
    signal?.throwIfAborted();
    if (await holds()) return;
    if (Date.now() > deadlineMs) {
      throw new KafkaError(`Cannot wait any longer for ${fact}: ${timeoutMs / 1000} s have passed`);
    }
    await sleep(everyMs, signal);
  }
}
