/**
 * Reads files of rides that were mutated, in a process of its own: a file may make a reader hang or take all memory.
 *
 * `ride_mutations.ts SEED FROM TO`: prints the number of each mutation before it reads the file, what is wrong with
 * what came out, and at last how many files were refused.
 *
 * @module
 */
import { readRides, type TaxiRide } from "../../lib/rides/mod.ts";
import { seeded } from "../../lib/rides/random.ts";

const [seed, from, to] = Deno.args.map(Number) as [number, number, number];
const PARQUET = ["rides_snappy.parquet", "rides_zstd.parquet"].map((name) =>
  new URL(`../../lib/rides/testdata/${name}`, import.meta.url)
);
const CSV_ROWS = 60;

type Random = () => number;
const below = (random: Random, most: number) => Math.floor(random() * most);

/** Pieces that have hurt readers of CSV. */
const PIECES = [
  '"',
  '""',
  ",",
  "\n",
  "\r",
  "\0",
  "\ufeff",
  ";",
  "é",
  "NaN",
  "1e999",
  "-",
  "\u2028",
  " ",
]
  .map((text) => new TextEncoder().encode(text)).concat([new Uint8Array([0xff, 0xfe, 0xc3])]);

/** Changes a file in one to four places. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let file = bytes;
  for (let n = below(random, 4); n >= 0; n--) {
    const at = below(random, file.length),
      length = below(random, random() < 0.9 ? 8 : file.length - at);
    const kind = below(random, 6);
    const piece = kind === 0
      ? new Uint8Array(0)
      : kind === 1
      ? PIECES[below(random, PIECES.length)]!
      : kind === 2
      ? Uint8Array.from({ length: 1 + below(random, 8) }, () => below(random, 256))
      : kind === 3
      ? file.subarray(at, at + length)
      : kind === 4
      ? new Uint8Array([file[at]! ^ 1 << below(random, 8)])
      : file.subarray(below(random, file.length)).subarray(0, length);
    const rest = file.subarray(at + (kind === 3 ? 0 : kind === 4 ? 1 : length));
    file = new Uint8Array([...file.subarray(0, at), ...piece, ...rest]);
  }
  return random() < 0.1 ? file.subarray(0, below(random, file.length)) : file;
}

interface Read {
  readonly rides: readonly TaxiRide[];
  readonly reported: number;
  readonly refused?: string;
}

async function read(path: string): Promise<Read> {
  const rides: TaxiRide[] = [];
  let reported = 0;
  try {
    const options = { maxMalformedShare: 1, onMalformed: () => void reported++ };
    for await (const ride of readRides(path, options)) rides.push(ride);
    return { rides, reported };
  } catch (error) {
    return { rides, reported, refused: `${(error as Error).name}: ${(error as Error).message}` };
  }
}

/** What is wrong with what came out of a CSV file, by its text alone. */
function csvFaults(
  { rides, reported, refused }: Read,
  file: Uint8Array,
  known: Known,
): string | undefined {
  if (refused !== undefined) return refusalFault(refused);
  const lines = new TextDecoder().decode(file).split("\n").map((line) => line.replace(/\r$/, ""))
    .filter((line) => line.trim() !== "").slice(1);
  if (rides.length + reported !== lines.length) {
    return `${lines.length} rows, ${rides.length} sent and ${reported} reported`;
  }
  const sent = new Set(rides.map((ride) => JSON.stringify(ride)));
  const lost = lines.find((line) => known.has(line) && !sent.has(known.get(line)!));
  return lost === undefined ? undefined : `a good row was not sent: ${lost}`;
}

function refusalFault(refused: string): string | undefined {
  return /^(SyntaxError|TypeError|Error): Cannot [^\n]* \([^\n]*\)$/.test(refused)
    ? undefined
    : `unclear: ${refused}`;
}

/** Line of the whole file -> its ride. */
type Known = ReadonlyMap<string, string>;

const sample = (await Deno.readTextFile(new URL("../../data/rides.csv", import.meta.url)))
  .split(/\r?\n/).slice(0, CSV_ROWS + 1);
const folder = await Deno.makeTempDir();
const path = `${folder}/rides`;
await Deno.writeTextFile(path, sample.join("\n"));
const whole = await read(path);
const known: Known = new Map(whole.rides.map((ride, i) => [sample[i + 1]!, JSON.stringify(ride)]));
const csv = await Deno.readFile(path),
  parquet = await Promise.all(PARQUET.map((url) => Deno.readFile(url)));

let refused = 0;
for (let n = from; n < to; n++) {
  console.log(n);
  const random = seeded(seed * 100_000 + n), isCsv = n % 2 === 0;
  const file = mutated(isCsv ? csv : parquet[n % 4 >> 1]!, random);
  await Deno.writeFile(path, file);
  const found = await read(path);
  const magic = new TextDecoder().decode(file.subarray(0, 4));
  const fault = isCsv && magic !== "PAR1"
    ? headerHarmed(file) && found.refused === undefined ? undefined : csvFaults(found, file, known)
    : found.refused === undefined
    ? undefined
    : refusalFault(found.refused);
  if (found.refused !== undefined) refused++;
  if (fault) console.log(JSON.stringify({ n, fault }));
}
console.log(JSON.stringify({ refused }));
await Deno.remove(folder, { recursive: true });

/** Another header may give the same text another meaning: then only the number of rows counts. */
function headerHarmed(file: Uint8Array): boolean {
  return !new TextDecoder().decode(file.subarray(0, 4_096)).startsWith(sample[0]!);
}
