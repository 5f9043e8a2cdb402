/**
 * Runs steps one after another, counts what passed and failed, and prints the verdict as the last line.
 *
 * @module
 */

/** How many checks a step made. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One step of a suite. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<Counts>;
}

/** A step that is one check: the command's exit code is the verdict. Its output is shown only when it fails. */
export function command(name: string, args: readonly string[]): Step {
  return {
    name,
    run: async () => {
      const output = await new Deno.Command(Deno.execPath(), {
        args: [...args],
        stdin: "null",
        env: { NO_COLOR: "1" },
      }).output();
      if (!output.success) {
        console.log(new TextDecoder().decode(output.stdout));
        console.log(new TextDecoder().decode(output.stderr));
      }
      return { passed: output.success ? 1 : 0, failed: output.success ? 0 : 1, skipped: 0 };
    },
  };
}

/** A step that runs test files with `deno test` and counts the tests. */
export function tests(
  name: string,
  files: readonly string[],
  options: { readonly env?: Record<string, string>; readonly flags?: readonly string[] } = {},
): Step {
  return {
    name,
    run: async () => {
      if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
      const report = await Deno.makeTempFile({ suffix: ".xml" });
      const status = await new Deno.Command(Deno.execPath(), {
        args: [
          "test",
          "-A",
          "--quiet",
          "--frozen",
          "--no-check",
          `--junit-path=${report}`,
          ...(options.flags ?? []),
          ...files,
        ],
        stdin: "null",
        env: { NO_COLOR: "1", ...options.env },
      }).spawn().status;
      const counts = countJunit(await Deno.readTextFile(report));
      await Deno.remove(report);
      // A file that cannot be loaded, or a leak outside any test, fails the run without failing a test.
      const hidden = !status.success && counts.failed === 0 ? 1 : 0;
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
  return { passed, failed, skipped };
}

/** Runs every step, even after a failure, and prints `N passed, N failed` last. True when nothing failed. */
export async function runSuite(steps: readonly Step[]): Promise<boolean> {
  let passed = 0, failed = 0, skipped = 0;
  const failures: string[] = [];
  for (const step of steps) {
    console.log(`── ${step.name}`);
    const started = performance.now();
    const counts = await step.run().catch((error): Counts => {
      console.log(error instanceof Error ? error.message : String(error));
      return { passed: 0, failed: 1, skipped: 0 };
    });
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.skipped;
    if (counts.failed > 0) failures.push(step.name);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`   ${counts.passed} passed, ${counts.failed} failed · ${seconds} s`);
  }
  if (failures.length > 0) console.log(`failed: ${failures.join(", ")}`);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed === 0;
}

/** What a test file needs, told by the end of its name. */
export type Kind = "unit" | "live" | "own";

/** Finds the test files of one kind below the checkout, sorted by path. */
export async function testFiles(kind: Kind, root = "."): Promise<string[]> {
  const found: string[] = [];
  for (const room of ["lib", "apps", "tasks", "tests", "data"]) {
    await collect(`${root}/${room}`, found);
  }
  return found.filter((path) => kindOf(path) === kind).sort();
}

function kindOf(path: string): Kind | undefined {
  if (path.endsWith("_live_test.ts")) return "live";
  if (path.endsWith("_own_test.ts")) return "own";
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
