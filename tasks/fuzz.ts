/** `deno task fuzz`: changed inputs for every decoder of bytes that strangers write. */
import { InvalidArgumentError } from "commander";
import { keep } from "../tests/fuzz/corpus.ts";
import { run } from "../tests/fuzz/run.ts";
import { TARGETS } from "../tests/fuzz/targets/mod.ts";
import { door, open, wholeNumber } from "./_door.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly for?: number;
  readonly seed?: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const TELL_EVERY_MS = 60_000;

await open(
  door(
    "fuzz",
    "Tries decoders with changed inputs: none may hang, grow, or fail in words not its own.",
  )
    .argument("[name...]", "decoders (default: all)")
    .allowExcessArguments(true)
    .option("--for <time>", "ends after 30s, 30m or 2h (default: goes on until Ctrl-C)", duration)
    .option("--seed <s>", "repeats the inputs of another run (default: new ones)", wholeNumber(0))
    .addHelpText("after", () => `\nDecoders: ${TARGETS.map(({ name }) => name).join(", ")}`)
    .action(async (names: string[], { for: forMs, seed = Date.now() % 1_000_000 }: Flags) => {
      const unknown = names.find((name) => !TARGETS.some((one) => one.name === name));
      if (unknown !== undefined) {
        throw new RangeError(`Cannot find decoder "${unknown}" (deno task fuzz --help lists them)`);
      }
      const stop = stopOnSignals(), started = performance.now();
      const timer = forMs === undefined ? undefined : setTimeout(() => ended.abort(), forMs);
      const ended = new AbortController();
      console.log(`seed ${seed}`);
      let findings = 0, toldMs = started;
      const tried = await run({
        seed,
        ...(names.length > 0 && { only: names }),
        signal: AbortSignal.any([stop.signal, ended.signal]),
        onProgress: (tried) => {
          if (performance.now() - toldMs < TELL_EVERY_MS) return;
          toldMs = performance.now();
          console.log(`${minutes(toldMs - started)}: ${sum(tried)} inputs, ${findings} findings`);
        },
        onFinding: async ({ target, why, input }) => {
          findings++;
          console.log(`✗ ${target}: ${why}\n  kept as ${await keep(target, input)}`);
        },
      });
      clearTimeout(timer);
      for (const [name, count] of tried) console.log(`${name.padEnd(24)} ${count} inputs`);
      console.log(
        `${sum(tried)} inputs over ${tried.size} decoders in ${
          minutes(performance.now() - started)
        }, ` +
          `${findings} findings`,
      );
      if (findings > 0) Deno.exit(1);
    }),
);

function duration(text: string): number {
  const [, number, unit] = text.match(/^(\d{1,6})(s|m|h)$/) ?? [];
  if (unit !== undefined && Number(number) > 0) return Number(number) * UNIT_MS[unit]!;
  throw new InvalidArgumentError("It must be a time such as 30s, 30m or 2h.");
}

function sum(tried: ReadonlyMap<string, number>): number {
  return tried.values().reduce((all, count) => all + count, 0);
}

function minutes(ms: number): string {
  return `${(ms / 60_000).toFixed(1)} min`;
}
