/** The rows of the fault matrix that must always hold, in small; `deno task chaos` runs all of them in full. */
import assert from "node:assert/strict";
import { Clusters } from "./chaos/clusters.ts";
import { judgeControl, type Judgement, judgementLines, judgeRound } from "./chaos/judge.ts";
import { ROWS } from "./chaos/rows.ts";

const seed = Number(Deno.env.get("CHAOS_SEED") ?? Math.floor(Math.random() * 1_000_000));
const rows = ROWS.filter(({ gate }) => gate);
const clusters = new Clusters(rows);
Deno.test.afterAll(() => clusters[Symbol.asyncDispose]());

/** Tells what happened only when it went wrong, and how to have it again. */
async function judged(judge: (tell: (line: string) => void) => Promise<Judgement>): Promise<void> {
  const faults: string[] = [];
  const judgement = await judge((line) => faults.push(line));
  const [line, ...found] = judgementLines(judgement);
  console.log(line);
  assert.ok(judgement.passed, [line, ...found, `CHAOS_SEED=${seed}`, ...faults].join("\n"));
}

for (const row of rows) {
  const options = { clusters, seed, rounds: row.gateRounds };
  Deno.test(`${row.id} ${row.name}: ${row.about}`, async () => {
    for (let round = 0; round < row.gateRounds; round++) {
      await judged((tell) => judgeRound(row, round, { ...options, tell }));
    }
  });
  if (!row.control) continue;
  Deno.test(`${row.id} ${row.name}, control that must fail: ${row.control.about}`, () =>
    judged((tell) => judgeControl(row, { ...options, tell })));
}
