/**
 * What every `deno task` shares: flags, help, and one line for an error.
 *
 * @module
 */
import { resolve } from "node:path";
import { yesOrNo } from "../lib/settings/mod.ts";
import { Command, InvalidArgumentError } from "commander";
import { plain } from "./_plain.ts";
import { ownName } from "../lib/settings/mod.ts";

/**
 * Starts the description of a task's flags.
 *
 * @param name The task's name as typed after `deno task`.
 * @param promise One sentence: what the task does.
 */
export function door(name: string, promise: string): Command {
  return new Command(`deno task ${name}`).description(promise)
    .allowExcessArguments(false).showHelpAfterError(`(deno task ${name} --help lists the flags)`)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "✗ ")) })
    .exitOverride();
}

/**
 * Reads the flags, does the work, and ends the process: 0 when done, 1 when it failed, 2 for wrong flags.
 *
 * A failure is one line on stderr. `TAXI_DEBUG=1` adds the stack, for people who work on this project.
 */
export async function open(command: Command, args: readonly string[] = Deno.args): Promise<void> {
  let isDebugging: boolean | undefined;
  try {
    isDebugging = yesOrNo(Deno.env, "TAXI_DEBUG");
    await command.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (isCommanderExit(error)) Deno.exit(error.exitCode === 0 ? 0 : 2);
    console.error(`✗ ${plain(error instanceof Error ? error.message : String(error))}`);
    if (isDebugging) console.error(error);
    Deno.exit(1);
  }
}

/** Reads a whole number of at least `least`; for `.option(…, …, wholeNumber(1))`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };
}

/** Reads a port of this machine; for `.option(…, …, port)`. */
export function port(text: string): number {
  const number = wholeNumber(1)(text);
  if (number <= 65_535) return number;
  throw new InvalidArgumentError("It must be a port: 1 to 65535.");
}

/** Reads `--server`: an address to listen at, and a port. */
export function hostAndPort(text: string): { readonly hostname: string; readonly port: number } {
  const [, bracketed, plain, number] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  if (hostname === undefined) throw new InvalidArgumentError("It must be HOST:PORT.");
  return { hostname, port: port(number!) };
}

/** Reads `--rate`: records a second, or `max` for as fast as it goes (Infinity). */
export function rate(text: string): number {
  if (text === "max") return Infinity;
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It must be a number above 0 (records a second) or "max".');
}

/** A file named on the command line, found from the folder the caller stands in. */
export function callerPath(path: string): string {
  return /^\w+:\/\//.test(path) ? path : resolve(Deno.env.get("INIT_CWD") || Deno.cwd(), path);
}

function isCommanderExit(error: unknown): error is { exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

/** A topic or a group, as the learner of `TAXI_LEARNER` names it. */
export function own(name: string): string {
  return ownName(name);
}
