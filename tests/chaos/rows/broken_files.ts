import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import type { Anomaly } from "../anomalies.ts";
import type { Row } from "../row.ts";

/** Mutations of a round; twenty rounds make the ten thousand. */
const MUTATIONS = 500;
/** A mutation that takes longer hangs. */
const LONGEST_MS = 60_000;

/**
 * R20: files of rides, CSV and Parquet, harmed in one to four places each. The corpus of 21 broken files, each with
 * what must become of every row, and the twelve that are refused stand in `lib/rides/read_csv_test.ts`.
 */
export const brokenFiles: Row = {
  id: "R20",
  name: "broken-files",
  about:
    "10,000 mutations of CSV and Parquet files: no reader hangs or dies, each row is sent or reported, rows that " +
    "were not touched are exact",
  brokers: 0,
  gate: true,
  rounds: 20,
  gateRounds: 1,
  run: async ({ seed, round }) => {
    const from = round * MUTATIONS;
    const { lines, code, hung } = await readMutated([seed, from, from + MUTATIONS]);
    const anomalies = lines.filter((line) => line.includes('"fault"')).map((line): Anomaly => {
      const { n, fault } = JSON.parse(line);
      return { kind: "wrong answer", detail: `mutation ${n} of seed ${seed}: ${fault}` };
    });
    const last = lines.findLast((line) => /^\d+$/.test(line));
    if (hung) anomalies.push({ kind: "stuck", detail: `mutation ${last} of seed ${seed}` });
    else if (code !== 0) {
      anomalies.push({
        kind: "wrong exit",
        detail: `code ${code} at mutation ${last} of seed ${seed}`,
      });
    }
    const { refused = 0 } = JSON.parse(lines.at(-1) ?? "{}");
    return { anomalies, figures: { mutations: MUTATIONS, "refused as a whole": refused } };
  },
  control: {
    about: "a stock parser that skips what it cannot read loses all that follows an open quote",
    finds: ["lost write"],
    run: () => {
      const rows = Array.from({ length: 1_000 }, (_, n) => n === 500 ? `${n},"x` : `${n},x`);
      const options = { skip_records_with_error: true, relax_column_count: true } as const;
      const kept = (parse(rows.join("\n"), options) as string[][]).length;
      const anomalies: Anomaly[] = Array.from({ length: rows.length - 1 - kept }, (_, n) => ({
        kind: "lost write",
        detail: `row ${501 + n} of ${rows.length}, one is bad`,
      }));
      return Promise.resolve({ anomalies, figures: { rows: rows.length, kept } });
    },
  },
};

/** Reads mutations in a process of its own, which is killed when it makes no progress. */
async function readMutated(args: readonly number[]) {
  const script = fileURLToPath(new URL("../ride_mutations.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args.map(String)],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines: string[] = [];
  let hung = false;
  const kill = () => {
    hung = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(kill, LONGEST_MS), rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(timer);
    timer = setTimeout(kill, LONGEST_MS);
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
  }
  clearTimeout(timer);
  return { lines, code: (await child.status).code, hung };
}
