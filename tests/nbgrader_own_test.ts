import assert from "node:assert/strict";
import { runProgram } from "../lib/python/mod.ts";
import { withCluster } from "../tasks/_world.ts";
import { EARNED, HANDED_IN, handIn } from "./hand_ins.ts";

const VERSION = "0.9.6";
const NAME = "nbgrader autograde gives the points that deno task grade --run gives";
const asked = Deno.env.get("TAXI_TEST_ALL") === "true";
const python = asked ? await nbgraderPython() : undefined;

Deno.test({
  name: python === undefined
    ? `${NAME} [needs --all, and pip that can install nbgrader==${VERSION}]`
    : NAME,
  ignore: python === undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "taxi-nbgrader-" });
    try {
      await handIn(`${folder}/hand-ins`);
      const course = `${folder}/course`;
      await run(Deno.execPath(), [
        "run",
        "-A",
        "tasks/grade.ts",
        `${folder}/hand-ins`,
        "--nbgrader",
        course,
      ], { env: {} });
      await withCluster(async (env) => {
        // It starts programs of its environment by name.
        const PATH = `${python!.replace(/\/python$/, "")}:${Deno.env.get("PATH")}`;
        const nbgrader = (...args: string[]) =>
          run(python!, ["-m", "nbgrader", ...args], { env: { ...env, PATH }, cwd: course });
        await nbgrader("generate_assignment", HANDED_IN);
        await nbgrader("autograde", HANDED_IN);
        await nbgrader("export");
      });
      const [head, ...rows] = (await Deno.readTextFile(`${course}/grades.csv`)).trim().split("\n")
        .map((line) => line.trim().split(","));
      const column = (name: string) => head!.indexOf(name);
      const points = rows.map((row) => [row[column("student_id")], Number(row[column("score")])]);
      assert.deepEqual(Object.fromEntries(points), EARNED);
      assert.deepEqual(rows.map((row) => Number(row[column("max_score")])), [2, 2, 2]);
    } finally {
      await Deno.remove(folder, { recursive: true });
      await Deno.remove(python!.replace(/\/bin\/python$/, ""), { recursive: true });
    }
  },
});

async function run(
  program: string,
  args: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd?: string },
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    ...(cwd === undefined ? {} : { cwd }),
  }).output();
  const said = new TextDecoder();
  assert.ok(success, `${program} ${args.join(" ")}: ${said.decode(stdout)}${said.decode(stderr)}`);
}

/** A Python of its own with nbgrader in it; undefined where it cannot be had. */
async function nbgraderPython(): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "taxi-nbgrader-venv-" });
  const python = `${folder}/bin/python`;
  const steps: readonly (readonly [string, ...string[]])[] = [
    ["python3", "-m", "venv", folder],
    [python, "-m", "pip", "install", "--quiet", `nbgrader==${VERSION}`],
  ];
  for (const [program, ...args] of steps) {
    if ((await runProgram(program, args))?.success) continue;
    await Deno.remove(folder, { recursive: true });
    return undefined;
  }
  return python;
}
