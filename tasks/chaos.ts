/** `deno task chaos`: the fault matrix. */
import { prepare } from "../lib/cluster/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { Clusters } from "../tests/chaos/clusters.ts";
import { judgeSum } from "../tests/chaos/full_run.ts";
import { judgeControl, type Judgement, judgementLines, judgeRound } from "../tests/chaos/judge.ts";
import type { Row } from "../tests/chaos/row.ts";
import { chosenRows, ROWS } from "../tests/chaos/rows.ts";
import { killFamily } from "../tests/chaos/strays.ts";
import { door, open, wholeNumber } from "./_door.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly rounds?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

await open(
  door("chaos", "Breaks brokers, workers, wires and data, and looks for what got lost or doubled.")
    .argument("[name...]", "rows by id or name (default: all)")
    .allowExcessArguments(true)
    .option("--rounds <n>", "rounds of each row (default: the row's own)", wholeNumber(1))
    .option("--seed <s>", "repeats the faults of another run (default: a new one)", wholeNumber(0))
    .option("--json", "JSON lines on stdout")
    .addHelpText("after", () => `\nRows:\n${ROWS.map(inOneLine).join("\n")}`)
    .action(async (names: string[], flags: Flags) => {
      const rows = chosenRows(names), { seed = Math.floor(Math.random() * 1_000_000) } = flags;
      const tell = flags.json ? console.error : console.log;
      const again = ["deno task chaos", ...names, ...roundsFlag(flags), `--seed ${seed}`].join(" ");
      tell(`seed ${seed}; the same faults again: ${again}`);
      // What the clusters need is fetched, or found missing, once and before the first row.
      if (rows.some(({ brokers }) => brokers > 0)) await prepare(folders().cache);
      const failed = await runRows(rows, {
        ...{ seed, tell, rounds: flags.rounds },
        report: (judgement) => {
          if (flags.json) console.log(JSON.stringify(judgement));
          for (const line of judgementLines(judgement)) tell(line);
        },
      });
      const passed = rows.length - failed.length;
      if (failed.length > 0) {
        tell(`failed: ${failed.map(({ id, name }) => `${id} ${name}`).join()}`);
      }
      if (flags.json) console.log(JSON.stringify({ seed, passed, failed: failed.length }));
      tell(`${passed} rows passed, ${failed.length} failed`);
      if (failed.length > 0) Deno.exit(1);
    }),
);

/** Row by row, its control last. */
async function runRows(rows: readonly Row[], options: {
  readonly seed: number;
  readonly rounds: number | undefined;
  readonly tell: (line: string) => void;
  readonly report: (judgement: Judgement) => void;
}): Promise<Row[]> {
  await using clusters = new Clusters(rows);
  const failed = new Set<Row>(), stop = stopOnSignals();
  stop.signal.addEventListener("abort", async () => {
    options.tell("stopped: ending the clusters and workers of this run");
    await clusters[Symbol.asyncDispose]();
    await killFamily();
    Deno.exit(stop.exitCode());
  });
  const report = async (row: Row, judgement: Judgement) => {
    // Rows fail while the interrupted run ends its clusters: do not report that, and wait for the process to end.
    if (stop.signal.aborted) await new Promise(() => {});
    options.report(judgement);
    if (!judgement.passed) failed.add(row);
  };
  for (const row of rows) {
    options.tell(`── ${row.id} ${row.name}: ${row.about}`);
    const rounds = options.rounds ?? row.rounds;
    const each = {
      clusters,
      seed: options.seed,
      rounds,
      tell: (line: string) => options.tell(`   ${line}`),
    };
    const runs = row.continuous ? 1 : rounds;
    const judged: Judgement[] = [];
    for (let round = 0; round < runs; round++) {
      judged.push(await judgeRound(row, round, each));
      await report(row, judged.at(-1)!);
    }
    const sum = judgeSum(row, judged);
    if (sum) await report(row, sum);
    if (!row.control) continue;
    options.tell(`   control, must fail: ${row.control.about}`);
    await report(row, await judgeControl(row, each));
  }
  return [...failed];
}

function roundsFlag({ rounds }: Flags): string[] {
  return rounds === undefined ? [] : [`--rounds ${rounds}`];
}

function inOneLine({ id, name, about, gate }: Row): string {
  return `  ${id.padEnd(4)} ${name.padEnd(24)} ${gate ? "gate " : "     "} ${about}`;
}
