/**
 * Tests that need a program which this project cannot bring along are skipped by name where it is missing.
 *
 * @module
 */
import { here } from "../lib/platform/mod.ts";

/** A program that a test starts, and how to get it. */
export interface Need {
  readonly program: string;
  /** Arguments that only ask whether it is there. */
  readonly ask: readonly string[];
  /** The one command that brings it. */
  readonly get: string;
}

/** Kafka Streams' own side of a test: built by Maven, which needs a compiler. */
export const MAVEN: Need = {
  program: "mvn",
  ask: ["-v"],
  get: "sudo apt install maven default-jdk",
};

/** A clone with its history, which an unpacked archive is not. */
export const GIT: Need = {
  program: "git",
  ask: ["--version"],
  get: "sudo apt install git, then clone",
};

/** A test that is there only where its needs are; elsewhere it is skipped, and its name says what would run it. */
export async function testWith(
  need: Need,
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): Promise<void> {
  const there = await isThere(need);
  Deno.test({ name: there ? name : missing(name, need), ignore: !there, fn });
}

/** Name of a test that is skipped. */
export function missing(
  name: string,
  { program, get }: Pick<Need, "program" | "get">,
): string {
  return `${name} [needs ${program}: ${get}]`;
}

/** Whether a program can be started here. */
export async function isThere({ program, ask }: Need): Promise<boolean> {
  return (await here.run(program, ask))?.success ?? false;
}
