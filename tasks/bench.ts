/** `deno task bench`: measures ours beside its peers, in the same run. */
import { avroDecode, avroEncode } from "../bench/avro.ts";
import { type Bench, comparisonLine } from "../bench/comparison.ts";
import { restore } from "../bench/restore.ts";
import { door, open } from "./_door.ts";

/** Every bench; a name also stands for those that begin with it: `avro` runs both. */
const BENCHES: readonly Bench[] = [avroEncode, avroDecode, restore];

await open(
  door("bench", "Measures ours beside its peers, interleaved in one run.")
    .argument(
      "[name...]",
      `which ones (default: all): ${BENCHES.map(({ name }) => name).join(", ")}`,
    )
    .allowExcessArguments(true)
    .option("--json", "JSON lines on stdout")
    .action(async (names: string[], { json }: { readonly json?: boolean }) => {
      for (const bench of chosen(names)) {
        if (!json) console.log(`${bench.name}: ${bench.about}`);
        for await (const line of bench.run()) {
          console.log(json ? JSON.stringify(line) : comparisonLine(line));
        }
      }
    }),
);

function chosen(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return BENCHES;
  return names.flatMap((wanted) => {
    const found = BENCHES.filter(({ name }) => name === wanted || name.startsWith(`${wanted}-`));
    if (found.length > 0) return found;
    const all = BENCHES.map(({ name }) => name).join(", ");
    throw new TypeError(`Cannot run the bench "${wanted}": there is none of that name (${all})`);
  });
}
