/**
 * A program of its own that fetches Maven artifacts: reads orders as one line of JSON, answers a line for each.
 *
 * It stands apart because the client it uses does not listen for an error in the middle of a body: that
 * would end the process, so it had better be a process that can be run again.
 *
 * @module
 */
import download from "mvn-artifact-download";
import type { Order } from "./fetch.ts";

/** Enough to fill a line, few enough for a small one. */
const SIDE_BY_SIDE = 6;

type Download = (
  coordinate: string,
  folder: string,
  repository: undefined,
  name: string,
) => Promise<string>;

// A CommonJS module seen from an ES module: its function is the default of what `default` holds.
const module = download as unknown as Download | { readonly default: Download };
const fetchOne = typeof module === "function" ? module : module.default;

const say = (line: Record<string, string>) => console.log(JSON.stringify(line));

async function work(queue: Order[]): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    try {
      await fetchOne(next.coordinate, next.folder, undefined, next.name);
      say({ arrived: next.name });
    } catch (error) {
      say({ failed: next.name, why: error instanceof Error ? error.message : String(error) });
    }
  }
}

const queue = JSON.parse(Deno.args[0]!) as Order[];
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, () => work(queue)));
