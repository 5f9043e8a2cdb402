/**
 * How the text of an environment variable is read: one parser for each kind of value, used for every variable.
 *
 * What is not understood is refused with the variable, the value and what would be understood. Nothing is guessed:
 * a setting that is silently taken for its default sends a password in clear, or writes to another folder.
 *
 * @module
 */

import { posix, win32 } from "node:path";

/** Anything that answers `get(name)`: `Deno.env`, or a `Map` in a test. */
export interface Environment {
  /** Value of a variable; undefined when it is unset. */
  get(name: string): string | undefined;
}

const YES = ["true", "yes", "on", "1"], NO = ["false", "no", "off", "0"];

/** The text of a variable without spaces around it; undefined when it is unset or empty. */
export function textOf(env: Environment, name: string): string | undefined {
  return env.get(name)?.trim() || undefined;
}

/**
 * Reads a yes or a no.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { yesOrNo } from "./values.ts";
 * assert.equal(yesOrNo(new Map([["KAFKA_SSL", "On "]]), "KAFKA_SSL"), true);
 * assert.equal(yesOrNo(new Map(), "KAFKA_SSL"), undefined);
 * ```
 * @returns undefined when it is unset.
 * @throws {TypeError} If it is neither.
 */
export function yesOrNo(env: Environment, name: string): boolean | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  if (YES.includes(text.toLowerCase())) return true;
  if (NO.includes(text.toLowerCase())) return false;
  throw new TypeError(
    `Cannot use "${text}" as ${name}: it is neither yes nor no (write ${YES.join(", ")}, or ` +
      `${NO.join(", ")})`,
  );
}

/** Reads one of a few words, written in any case. @throws {TypeError} If it is none of them. */
export function oneOf<T extends string>(
  env: Environment,
  name: string,
  words: readonly T[],
): T | undefined {
  const text = textOf(env, name);
  const found = words.find((word) => word === text?.toLowerCase());
  if (found !== undefined || text === undefined) return found;
  throw new TypeError(
    `Cannot use "${text}" as ${name}: it is none of its words (write ${words.join(", ")})`,
  );
}

/** Reads a port. @throws {RangeError} If it is not a whole number from 1 to 65535. */
export function portOf(env: Environment, name: string, fallback: number): number {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  if (isPort(text)) return Number(text);
  throw new RangeError(
    `Cannot use "${text}" as ${name}: a port is a whole number from 1 to 65535 (unset ${name} for ${fallback})`,
  );
}

/** Reads addresses `host:port`, comma separated; none when it is unset. @throws {TypeError} If one is none. */
export function addressesOf(env: Environment, name: string): readonly string[] {
  const parts = (textOf(env, name) ?? "").split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").map((part) => {
    const [, host, port] = part.match(/^([^\s:/@[\]]+):(\d+)$/) ?? [];
    if (host !== undefined && isPort(port!)) return part;
    // What stands before an @ may be a password.
    const shown = part.replace(/^.*@/, "…@");
    throw new TypeError(
      `Cannot use "${shown}" as ${name}: ${
        whyNoAddress(part)
      } (write host:port, such as localhost:9092)`,
    );
  });
}

function whyNoAddress(text: string): string {
  if (/^\w+:\/\//.test(text)) return "a broker's address begins with its host, without a protocol";
  if (text.includes("[")) return "an IPv6 address cannot be named here, only a host or IPv4";
  if (!text.includes(":")) return "it names no port";
  return "it is not a host and a port";
}

/**
 * Reads a folder or a file.
 *
 * Slashes and dots at its end are taken off: behind them a link is followed before anybody can look at it.
 *
 * @returns An absolute path; undefined when it is unset.
 * @throws {TypeError} If it is the content of a certificate or key.
 */
export function pathOf(
  env: Environment,
  name: string,
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  // It may be a private key: paths are quoted, and this one never is.
  if (text.includes("-----BEGIN")) {
    throw new TypeError(
      `Cannot use the value of ${name}: it is what stands in a file, not where the file is (write its path)`,
    );
  }
  // `deno task` runs in the checkout; what is typed is meant from where it is typed.
  const from = env.get("INIT_CWD") || Deno.cwd();
  return os === "windows"
    ? win32.resolve(from, text).replaceAll("\\", "/")
    : posix.resolve(from, text);
}

/** A login and the address without it: addresses are printed, logins never. */
export interface Address {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Reads an http address, with or without a login in it. @throws {TypeError} If it is none. */
export function urlOf(env: Environment, name: string): Address | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const refuse = (why: string): never => {
    throw new TypeError(
      `Cannot use "${withoutSecrets(text)}" as ${name}: ${why} (write http://host:port/path)`,
    );
  };
  if (!url || !/^https?:$/.test(url.protocol)) return refuse("it is not an http address");
  if (url.search !== "" || url.hash !== "") return refuse("nothing may follow its path");
  // A slash in a password that is not encoded ends the host, and the rest would be shown.
  if (url.pathname.includes("@")) return refuse("its path has an @");
  const { username, password } = url;
  url.username = url.password = "";
  return {
    url: url.href.replace(/\/+$/, ""),
    ...(username || password ? { username: decoded(username), password: decoded(password) } : {}),
  };
}

/** What is left of an address without what may be a login or a key. */
function withoutSecrets(text: string): string {
  return text.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "…");
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isPort(text: string): boolean {
  const port = Number(text);
  return /^\d+$/.test(text) && port >= 1 && port <= 65535;
}
