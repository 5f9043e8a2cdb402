import type { Snapshot } from "../contract.ts";
import { many } from "./words.ts";

/**
 * What somebody should look at, by the room in which it shows: for a badge beside its name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Snapshot } from "../contract.ts";
 * import { worriesOf } from "./worries.ts";
 * const topics = [{ weak: 2 }, { weak: 0 }], groups = [{ state: "Stable" }];
 * const now = { lost: [3], topics, groups, apps: [{ state: "gone" }] } as unknown as Snapshot;
 * assert.deepEqual(worriesOf(now), {
 *   "": "1 broker gone, 2 partitions under-replicated",
 *   apps: "1 app not heard of",
 * });
 * ```
 */
export function worriesOf(
  { lost, topics, groups, apps }: Snapshot,
): Readonly<Record<string, string>> {
  const weak = topics.reduce((sum, one) => sum + one.weak, 0);
  const unknown = groups.filter(({ problem }) => problem !== undefined).length;
  const silent = apps.filter(({ state }) => state === "gone").length;
  const cluster = [
    lost.length > 0 && `${many(lost.length, "broker")} gone`,
    weak > 0 && `${many(weak, "partition")} under-replicated`,
  ].filter(Boolean).join(", ");
  return {
    ...(cluster && { "": cluster }),
    ...(unknown > 0 && { groups: `${many(unknown, "group")} cannot be looked at` }),
    ...(silent > 0 && { apps: `${many(silent, "app")} not heard of` }),
  };
}
