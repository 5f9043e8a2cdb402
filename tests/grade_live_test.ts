import assert from "node:assert/strict";
import { EARNED, HANDED_IN, handIn } from "./hand_ins.ts";

Deno.test("deno task grade --run gives the points that were earned, whatever became of the check cells", async () => {
  const folder = await Deno.makeTempDir({ prefix: "taxi-hand-ins-" });
  try {
    await handIn(folder);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "tasks/grade.ts",
        folder,
        "--run",
        "--json",
        "--csv",
        `${folder}/all.csv`,
      ],
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder();
    assert.ok(success, said.decode(stderr));
    const grades = said.decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      grades.map(({ learner, failures, exercises }) => [
        learner,
        exercises.reduce((sum: number, { points }: { points: number }) => sum + points, 0),
        failures,
      ]),
      Object.entries(EARNED).map(([learner, points]) => [learner, points, []]),
    );
    // The half says which idea is wrong; the cheat is told what an honest stub is told.
    assert.deepEqual(
      grades.map(({ exercises }) => exercises.map((one: { verdict: string }) => one.verdict)),
      [["yes", "yes"], ["yes", "not yet"], ["not tried", "not yet"]],
    );
    const csv = await Deno.readTextFile(`${folder}/all.csv`);
    assert.match(csv, new RegExp(`^learner,${HANDED_IN},total,`));
    assert.match(csv, /^ana,2,2,0,0,\r$/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
