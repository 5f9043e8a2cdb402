import { list } from "./data_folder.ts";

/** Size and time of each segment of a broker, by `partition/file`. */
export type Inventory = Readonly<Record<string, readonly [bytes: number, modifiedMs: number]>>;

/**
 * Writes down the segments of a data folder after a clean stop.
 *
 * Kafka checks no data after a clean stop: a file that was cut or a folder that was removed meanwhile
 * shows only by comparing with what was there.
 */
export async function takeInventory(folder: string): Promise<Inventory> {
  const segments: Record<string, [number, number]> = {};
  for (const partition of (await list(folder)).folders) {
    for (const file of (await list(`${folder}/${partition}`)).files) {
      if (!file.endsWith(".log")) continue;
      const { size, mtime } = await Deno.stat(`${folder}/${partition}/${file}`);
      segments[`${partition}/${file}`] = [size, mtime?.getTime() ?? 0];
    }
  }
  return segments;
}

/**
 * Says which partitions changed between a clean stop and now.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { damage } from "./inventory.ts";
 * assert.deepEqual(damage({ "a-0/0.log": [9, 1], "b-1/0.log": [9, 1] }, { "b-1/0.log": [5, 2] }), [
 *   'topic "a" partition 0: its folder or a file of it is gone, its records are lost',
 *   'topic "b" partition 1: its file was changed while the broker was down, records may be lost',
 * ]);
 * ```
 */
export function damage(before: Inventory, now: Inventory): string[] {
  const found = new Set<string>();
  for (const [path, [bytes, modifiedMs]] of Object.entries(before)) {
    const [, topic, partition] = path.match(/^(.*)-(\d+)\//) ?? [];
    // Kafka finishes removing a topic whenever it likes.
    if (topic === undefined || path.includes("-delete/")) continue;
    const current = now[path];
    const what = current === undefined
      ? "its folder or a file of it is gone, its records are lost"
      : current[0] !== bytes || current[1] !== modifiedMs
      ? "its file was changed while the broker was down, records may be lost"
      : undefined;
    if (what !== undefined) found.add(`topic "${topic}" partition ${partition}: ${what}`);
  }
  return [...found].sort();
}
