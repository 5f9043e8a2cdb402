import assert from "node:assert/strict";
import deno from "../deno.json" with { type: "json" };
import { freshWorld } from "../tasks/_world.ts";

/** What each task is asked to do on a machine where no program is on the search path. */
const ARGS: Readonly<Record<string, readonly string[]>> = {
  "avro-consumer": ["--max", "1"],
  "avro-producer": ["--count", "1"],
  bench: ["count-200k", "--rounds", "1"],
  chaos: ["R1"],
  conformance: ["tests/conformance/scenarios/count-by-key.json"],
  consumer: ["--max", "1"],
  "control-center": ["--with-parent"],
  course: ["00"],
  fuzz: ["--for", "1s", "--seed", "1"],
  lab: ["--no-browser"],
  pack: ["pack.tar"],
  producer: ["--count", "1"],
  reset: ["--yes"],
  "restore-notebook": ["99"],
  rides: ["--count", "1"],
  worker: ["windowing", "--drain"],
};

/** They write into the checkout, or are the suite itself. */
const LEFT_OUT = [
  ...["check", "picture", "reference", "sample", "test", "upgrade-deps", "vendor-page"],
];

/** Stacks and raw errors that are not for a learner. */
const RAW = /Uncaught|Failed to spawn|entity not found|^ {4}at /m;

const tasks = Object.entries(deno.tasks).filter(([name]) => !LEFT_OUT.includes(name));
for (const [name, command] of tasks) {
  Deno.test(`deno task ${name} works with an empty PATH, or says in one line what it needs`, async () => {
    const world = await freshWorld();
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...command.split(" ").slice(1), ...ARGS[name] ?? []],
      env: {
        ...world,
        PATH: world.TAXI_STATE!,
        JAVA_HOME: "",
        UV: "",
        TAXI_CACHE: `${world.TAXI_STATE}/cache`,
      },
      stdin: "null",
    }).output();
    await Deno.remove(world.TAXI_STATE!, { recursive: true });
    const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
    assert.doesNotMatch(`${out}\n${errors}`, RAW);
    if (code === 0) return;
    const said = `${out}\n${errors}`.trim();
    // The doctor goes on after what it found.
    const told = name === "doctor" ? said.match(/^✗ .+$/m)![0] : said.split("\n").at(-1)!;
    assert.match(told, /\(.+\)$| → .+$|^✗ Cannot .+: .+$/, said);
  });
}
