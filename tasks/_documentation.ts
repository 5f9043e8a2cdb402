/**
 * The doc comments: which rooms are held to having them, and which make up the API reference.
 *
 * @module
 */
import { here } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import type { Step } from "./_suite.ts";

/** What other projects may import: the `exports` of `deno.json`. */
export const PUBLIC_ROOMS = [
  "kafka",
  "avro",
  "rides",
  "show",
  "streams",
  "streams/types",
  "streams/worker",
] as const;

/** Rooms in which every public symbol, and every field of one, says what its name cannot. */
export const DOCUMENTED_ROOMS = [
  "async",
  "serde",
  "platform",
  "settings",
  "views",
  "python",
  "cluster",
  "lab",
  "kafka",
  "avro",
  "rides",
  "show",
  "course",
  "control_center",
  "streams",
] as const;

/** Where a room's public symbols stand, from the checkout. */
export function entry(room: string): string {
  if (room === "streams/types") return "lib/streams/types.ts";
  return room === "streams/worker" ? "lib/streams/runtime/mod.ts" : `lib/${room}/mod.ts`;
}

/** Entries beside `mod.ts`, for engines and for the course. */
const MORE_ENTRIES = ["lib/kafka/engine.ts", "lib/streams/driver/mod.ts"];

/** A step that reads the doc comments of {@linkcode DOCUMENTED_ROOMS}. */
export function documentation(): Step {
  // All rooms at once, so that a type of one room that another one names counts as public.
  const rooms = new Set<string>([...DOCUMENTED_ROOMS, ...PUBLIC_ROOMS]);
  return {
    name: "doc comments",
    run: async () => {
      const { success, errors } = await denoDoc(
        "--lint",
        ...[...rooms].map(entry),
        ...MORE_ENTRIES,
      );
      const faults = success ? [] : faultsIn(DOCUMENTED_ROOMS, errors);
      if (faults.length > 0) console.log(faults.join("\n"));
      return { passed: faults.length === 0 ? 1 : 0, failed: faults.length, skipped: 0 };
    },
  };
}

/** Runs `deno doc` in the checkout. */
export async function denoDoc(...args: readonly string[]) {
  const ended = await here.run(Deno.execPath(), ["doc", ...args], {
    cwd: folders().root,
    env: { ...here.env.toObject(), NO_COLOR: "1" },
  });
  if (ended === undefined) throw new Error(`Cannot run "deno doc": there is no ${Deno.execPath()}`);
  return ended;
}

/**
 * What `deno doc --lint` found in some rooms.
 *
 * It found faults elsewhere too: it reads the types of npm packages wherever ours name them.
 */
export function faultsIn(rooms: readonly string[], said: string): readonly string[] {
  const faults = said.split(/\n(?=error)/).filter((block) => block.startsWith("error["));
  if (faults.length === 0) return [said.trim()]; // It failed at something else.
  return faults.filter((fault) => {
    const room = fault.match(/--> .*[\\/]lib[\\/](\w+)[\\/][^\n]*\.ts:\d+/)?.[1];
    return room !== undefined && rooms.includes(room) && !/--> .*[\\/]npm[\\/]/.test(fault);
  }).map((fault) => fault.trim());
}
