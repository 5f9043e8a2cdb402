/**
 * Whether a host name is this machine's own, which no other machine can reach.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isLoopback } from "./loopback.ts";
 * assert.deepEqual(["localhost", "[::1]", "0.0.0.0"].map(isLoopback), [true, true, false]);
 * ```
 */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(hostname);
}
