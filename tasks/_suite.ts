/**
 * Runs steps one after another, counts what passed and failed, and prints the verdict as the last line.
 *
 * @module
 */
import { here } from "../lib/platform/mod.ts";

/** How many checks a step made. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of the tests that were skipped; each says what would run it. @default none */
  readonly skips?: readonly string[];
}

/** One step of a suite. */
export interface Step {
  readonly name: string;
  readonly run: (lane: Lane) => Promise<Counts>;
}

/** Where a step runs: steps of two lanes run at the same time, and must not meet. */
export interface Lane {
  /** Environment of the processes that the step starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes what they print. */
  readonly print: (output: Uint8Array) => void;
}

/** A step that is one check: the command's exit code is the verdict. Its output is shown only when it fails. */
export function command(name: string, args: readonly string[]): Step {
  return {
    name,
    run: async ({ print }) => {
      const env = { ...here.env.toObject(), NO_COLOR: "1" };
      const ended = await here.run(Deno.execPath(), args, { env });
      if (ended?.success) return { passed: 1, failed: 0, skipped: 0 };
      print(new TextEncoder().encode(`${ended?.output}${ended?.errors}`));
      return { passed: 0, failed: 1, skipped: 0 };
    },
  };
}

/** Locks what only tests and benchmarks import, too: whoever takes the course does not fetch a browser. */
export const TESTS_LOCK = "--lock=tests/deno.lock";

/** The whole suite takes less: what goes on longer waits for something that will not come. */
const LONGEST_STEP_MS = 15 * 60_000;

/** A step that runs test files with `deno test` and counts the tests. */
export function tests(
  name: string,
  files: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly flags?: readonly string[];
    /** @default 15 minutes */
    readonly longestMs?: number;
    /** Whether what the tests themselves print is shown. @default false */
    readonly printing?: boolean;
  } = {},
): Step {
  const { longestMs = LONGEST_STEP_MS } = options;
  return {
    name,
    run: async ({ env, print }) => {
      if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
      const report = await Deno.makeTempFile({ suffix: ".xml" });
      const child = await here.spawn(Deno.execPath(), {
        args: [
          "test",
          "-A",
          ...options.printing ? [] : ["--quiet"],
          "--frozen",
          TESTS_LOCK,
          "--no-check",
          `--junit-path=${report}`,
          ...(options.flags ?? []),
          ...files,
        ],
        env: { ...here.env.toObject(), NO_COLOR: "1", ...env, ...options.env },
        output: "piped",
      });
      const printed = [child.stdout, child.stderr].map(async (stream) => {
        for await (const bytes of stream) print(bytes);
      });
      const patience = setTimeout(() => {
        const minutes = Math.round(longestMs / 60_000);
        print(
          new TextEncoder().encode(
            `${name} has not ended within ${minutes} minutes: it is killed\n`,
          ),
        );
        child.kill();
      }, longestMs);
      const [{ code }] = await Promise.all([child.exited, ...printed]);
      clearTimeout(patience);
      const counts = countJunit(await Deno.readTextFile(report));
      await Deno.remove(report);
      // A file that cannot be loaded, or a leak outside any test, fails the run without failing a test.
      const hidden = code !== 0 && counts.failed === 0 ? 1 : 0;
      return { ...counts, failed: counts.failed + hidden };
    },
  };
}

/**
 * Adds up a JUnit report.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { countJunit } from "./_suite.ts";
 * const xml = '<testsuite name="a" tests="5" disabled="1" errors="0" failures="2">';
 * assert.deepEqual(countJunit(xml), { passed: 2, failed: 2, skipped: 1 });
 * const skipped = '<testsuite name="a" tests="1" disabled="1"><testcase name="b [needs mvn]"> <skipped/>';
 * assert.deepEqual(countJunit(skipped).skips, ["b [needs mvn]"]);
 * ```
 */
export function countJunit(xml: string): Counts {
  let passed = 0, failed = 0, skipped = 0;
  for (const [tag] of xml.matchAll(/<testsuite [^>]*>/g)) {
    const number = (name: string) => Number(tag.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0);
    const bad = number("failures") + number("errors");
    failed += bad;
    skipped += number("disabled");
    passed += number("tests") - bad - number("disabled");
  }
  const skips = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped/g)]
    .map(([, name]) => unescape(name!));
  return { passed, failed, skipped, ...(skips.length > 0 && { skips }) };
}

function unescape(text: string): string {
  return text.replace(
    /&(quot|apos|lt|gt|amp);/g,
    (_, name: string) => ({ quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" })[name]!,
  );
}

/** What has been counted so far. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  readonly failures: string[];
  readonly skips: string[];
}

/**
 * Runs every step, even after a failure, and prints `N passed, N failed` last. True when nothing failed.
 *
 * @param stages Run one after another; the steps of a stage share its lanes. Alone in its lane a step prints as it
 * goes, beside others when it has ended.
 */
export async function runSuite(
  ...stages: readonly { readonly steps: readonly Step[]; readonly lanes: number }[]
): Promise<boolean> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  for (const { steps, lanes } of stages) {
    const waiting = [...steps];
    const oneLane = async (lane: number) => {
      for (let step = waiting.shift(); step; step = waiting.shift()) {
        await runStep(step, { tally, ...(lanes > 1 ? { lane } : {}) });
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, lane) => oneLane(lane)));
  }
  const { passed, failed, skipped, failures, skips } = tally;
  for (const name of skips) console.log(`skipped: ${name}`);
  if (failures.length > 0) console.log(`failed: ${failures.join(", ")}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0;
}

/**
 * Puts the steps that take longest first, so that none of them begins when all others have ended.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { longestFirst } from "./_suite.ts";
 * const steps = ["a_test.ts", "b_test.ts", "c_test.ts"].map((name) => ({ name }));
 * assert.deepEqual(longestFirst(["c_", "b_"], steps).map(({ name }) => name[0]), ["c", "b", "a"]);
 * ```
 * @param longest Parts of their names, the longest step's first.
 */
export function longestFirst<S extends { readonly name: string }>(
  longest: readonly string[],
  steps: readonly S[],
): S[] {
  const place = ({ name }: S) => {
    const at = longest.findIndex((part) => name.includes(part));
    return at < 0 ? longest.length : at;
  };
  return steps.toSorted((a, b) => place(a) - place(b));
}

function show(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

async function runStep(
  step: Step,
  { tally, lane }: { readonly tally: Tally; readonly lane?: number },
): Promise<void> {
  const kept: Uint8Array[] = [], started = performance.now();
  if (lane === undefined) console.log(`── ${step.name}`);
  const counts = await step.run({
    env: lane === undefined ? {} : { TAXI_TEST_LANE: `${lane}` },
    print: lane === undefined ? show : (bytes) => kept.push(bytes),
  }).catch((error): Counts => {
    kept.push(new TextEncoder().encode(`${error instanceof Error ? error.message : error}\n`));
    return { passed: 0, failed: 1, skipped: 0 };
  });
  if (lane !== undefined) console.log(`── ${step.name}`);
  for (const bytes of kept) show(bytes);
  tally.passed += counts.passed;
  tally.failed += counts.failed;
  tally.skipped += counts.skipped;
  tally.skips.push(...counts.skips ?? []);
  if (counts.failed > 0) tally.failures.push(step.name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`   ${counts.passed} passed, ${counts.failed} failed · ${seconds} s`);
}

/** What a test file needs, told by the end of its name. */
export type Kind = "unit" | "live" | "own" | "all";

/** Finds the test files of one kind below the checkout, sorted by path. */
export async function testFiles(kind: Kind, root = "."): Promise<string[]> {
  const found: string[] = [];
  for (const room of ["lib", "apps", "tasks", "tests", "data", "bench"]) {
    await collect(`${root}/${room}`, found);
  }
  return found.filter((path) => kindOf(path) === kind).sort();
}

function kindOf(path: string): Kind | undefined {
  if (path.endsWith("_live_test.ts")) return "live";
  if (path.endsWith("_own_test.ts")) return "own";
  if (path.endsWith("_all_test.ts")) return "all";
  return path.endsWith("_test.ts") ? "unit" : undefined;
}

async function collect(folder: string, found: string[]): Promise<void> {
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await collect(path, found);
      else found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
