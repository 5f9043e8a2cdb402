import type { LogRecord } from "../../../kafka/engine.ts";

/**
 * The same with bytes of its own: what Kafka hands over are views into a large buffer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withOwnBytes } from "./own_bytes.ts";
 * const response = Uint8Array.of(1, 2, 3);
 * const kept = withOwnBytes({ key: null, value: response.subarray(1), offset: 7 });
 * response.fill(0);
 * assert.deepEqual(kept, { key: null, value: Uint8Array.of(2, 3), offset: 7 });
 * ```
 */
export function withOwnBytes<T extends Pick<LogRecord, "key" | "value">>(record: T): T {
  const { key, value } = record;
  return { ...record, key: key && key.slice(), value: value && value.slice() };
}
