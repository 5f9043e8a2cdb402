import assert from "node:assert/strict";
import { yourTurn } from "./check.ts";
import { keepGuessesOf, type Kept, keptIn } from "./guesses.ts";
import { happened, predict } from "./predict.ts";
import { quiz } from "./quiz.ts";
import { recap, shakyIdeas } from "./recap.ts";

/** A learner's kernel, in a checkout of its own: what its cells show, as text. */
async function shown(lesson: string, work: () => Promise<void>, state?: string): Promise<string[]> {
  const folder = state ?? await Deno.makeTempDir(), before = Deno.env.get("TAXI_STATE");
  const said: string[] = [], log = console.log;
  Deno.env.set("TAXI_STATE", folder);
  console.log = (text: string) => said.push(text);
  try {
    keepGuessesOf(lesson);
    await work();
  } finally {
    console.log = log;
    if (before === undefined) Deno.env.delete("TAXI_STATE");
    else Deno.env.set("TAXI_STATE", before);
    if (state === undefined) await Deno.remove(folder, { recursive: true });
  }
  return said;
}

Deno.test("happened() shows a prediction beside what happened, and the recap counts it with its idea", async () => {
  const said = await shown("nb93", async () => {
    await predict("late", 3);
    await happened("late", 6, "M25");
    await predict("offsets", [0, 1, 2]);
    await happened("offsets", [0, 1, 2], "M02");
    await recap();
  });
  assert.deepEqual(said, [
    "● late: you say 3",
    "✗ late: you said 3 · it was 6",
    "● offsets: you say 0, 1, 2",
    "✓ offsets: you said 0, 1, 2, and so it was",
    "This notebook: 1 of 2 predictions right\nAll notebooks: 1 of 2 predictions right\n" +
    "Look at these again:\nLate means that stream time had passed already: the order of arrival " +
    "decides. (0 of 1 right)",
  ]);
});

Deno.test("predict() keeps the first guess once it is known how it was, in a later kernel, too", async () => {
  const state = await Deno.makeTempDir();
  const options = { a: "it fails", b: "nothing" };
  await shown("nb94", async () => {
    await predict("twice", "b", options);
    await predict("twice", "a", options); // not yet run: a second thought is one's first
    await happened("twice", "b");
    await predict("twice", "b", options);
  }, state);
  const said = await shown("nb94", async () => {
    await predict("twice", yourTurn, options);
    await happened("twice", "b");
    assert.deepEqual(await keptIn("nb94"), {
      twice: { kind: "prediction", guess: "a", happened: "b" },
    });
  }, state);
  assert.deepEqual(said, [
    "● twice: you say a) it fails",
    "✗ twice: you said a) it fails · it was b) nothing",
  ]);
  await Deno.remove(state, { recursive: true });
});

Deno.test("predict() says what it cannot take, and a run without predictions goes through and says so", async () => {
  const said = await shown("nb95", async () => {
    await predict("late", "many" as unknown as number);
    await predict("order", ["b", "c"] as ("a" | "b")[], { a: "JSON", b: "Avro" });
    await predict("rows", yourTurn);
    for (const name of ["late", "order", "rows"]) await happened(name, 6);
    await happened("port", undefined);
    await recap();
  });
  assert.deepEqual(said, [
    '✗ late: "many" is not a number',
    '✗ order: "c" is not one of "a", "b"\n  a) JSON\n  b) Avro',
    "○ rows: no prediction yet: write yours in place of yourTurn, or run on without",
    ...["late", "order", "rows"].map((name) => `○ ${name}: no prediction · it was 6`),
    "○ port: this cluster does not show it",
    "This notebook: no prediction made: write one above a run, and this tells how many were right",
  ]);
});

Deno.test("quiz() remembers the first choice, and the recap counts it", async () => {
  const said = await shown("nb04", async () => {
    await quiz("keep-up", "a");
    await quiz("keep-up", "c");
    await recap();
  });
  assert.match(said[1]!, /Your first choice was a/);
  assert.match(said[2]!, /This notebook: 0 of 1 quiz right\n[^]*idle\. \(0 of 1 right\)$/);
});

Deno.test("predict() goes on where the state cannot be written, and says so", async () => {
  const folder = await Deno.makeTempDir(), warned: string[] = [], warn = console.warn;
  await Deno.writeTextFile(`${folder}/file`, "");
  console.warn = (text: string) => warned.push(text);
  try {
    const said = await shown("nb97", async () => {
      await predict("late", 3);
      await happened("late", 3);
    }, `${folder}/file`);
    assert.deepEqual(said, ["● late: you say 3", "✓ late: you said 3, and so it was"]);
    assert.match(warned[0]!, /^Could not keep "late": /);
  } finally {
    console.warn = warn;
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("shakyIdeas() has what was missed most first, across notebooks, and leaves out what was always right", () => {
  const one = (idea: Kept["idea"], guess: number): Kept =>
    ({ kind: "prediction", guess, happened: 1, idea }) as Kept;
  const all = [
    { a: one("M01", 2), b: one("M02", 1), c: one("M03", 2) },
    {
      a: one("M03", 2),
      b: one("M01", 1),
      c: { kind: "prediction", guess: 1, idea: "M04" } as Kept,
    },
  ];
  assert.deepEqual(shakyIdeas(all), [
    { idea: "M03", right: 0, of: 2 },
    { idea: "M01", right: 1, of: 2 },
  ]);
});
