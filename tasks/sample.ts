/** `deno task sample`: makes `data/rides.csv` again, or a larger one beside it. */
import { fileURLToPath } from "node:url";
import { sampleRides } from "../lib/rides/mod.ts";
import { door, open, wholeNumber } from "./_door.ts";

const FOLDER = fileURLToPath(new URL("../data/", import.meta.url));

interface Flags {
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
}

await open(
  door(
    "sample",
    "Writes made-up rides in the TLC's format to data/; the same flags write the same bytes.",
  )
    .option("--rows <n>", "how many rides", wholeNumber(0), 10_000)
    .option("--seed <n>", "another seed makes other rides", wholeNumber(0), 2021)
    .option("--out <name>", "name of the file in data/", "rides.csv")
    .action(async ({ rows, seed, out }: Flags) => {
      if (/[/\\]/.test(out)) {
        throw new TypeError(
          `Cannot write to "${out}": it is not a name in data/ (leave the folder out)`,
        );
      }
      const file = await Deno.open(`${FOLDER}${out}`, {
        write: true,
        create: true,
        truncate: true,
      });
      const writer = file.writable.getWriter();
      for (const text of pieces(sampleRides({ rows, seed }))) {
        await writer.write(new TextEncoder().encode(text));
      }
      await writer.close();
      console.log(`${rows} rides are in data/${out}`);
    }),
);

/** Joins lines into pieces worth a system call each. */
function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length > 65_536) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}
