import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** One download: what it is called, and what it must be. */
export interface Artifact {
  /** Maven coordinate: `group:artifact:version` or `group:artifact:extension:classifier:version`. */
  readonly coordinate: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** Its size. */
  readonly bytes: number;
}

/**
 * Names the file of an artifact, as Maven does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileName } from "./artifact.ts";
 * assert.equal(fileName("org.slf4j:slf4j-api:1.7.36"), "slf4j-api-1.7.36.jar");
 * assert.equal(fileName("g:app:tar.gz:all:3.3.3"), "app-3.3.3-all.tar.gz");
 * ```
 * @throws {SyntaxError} If it is not a coordinate.
 */
export function fileName(coordinate: string): string {
  const parts = coordinate.split(":");
  const [, name] = parts;
  if (parts.length === 3) return `${name}-${parts[2]}.jar`;
  if (parts.length === 5) return `${name}-${parts[4]}-${parts[3]}.${parts[2]}`;
  throw new SyntaxError(
    `Cannot read the coordinate "${coordinate}": it is not group:artifact:version (name it so)`,
  );
}

/** Tells whether a file is there and is, byte for byte, what the lock file names. */
export async function isVerified(path: string, artifact: Artifact): Promise<boolean> {
  const size = await Deno.stat(path).then((file) => file.size, () => -1);
  return size === artifact.bytes && await sha256Of(path) === artifact.sha256;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
