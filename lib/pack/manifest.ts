import { createHash } from "node:crypto";
import type { SystemName } from "../platform/mod.ts";

/** Systems that a pack can be made for. */
export const PACK_PLATFORMS = [
  "linux-x64",
  "linux-arm64",
  "macos-arm64",
  "macos-x64",
  "windows-x64",
] as const;

/** A system that a pack can be made for. */
export type PackPlatform = (typeof PACK_PLATFORMS)[number];

/** A file of a pack. */
export interface PackedFile {
  /** From the pack's root: `jars/kafka-clients-4.4.0.jar`. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What a pack says of itself; its first file. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly platform: PackPlatform;
  /** Which state of the course it was made for: {@linkcode courseOf}. */
  readonly course: string;
  /** Every file of the pack but this one, in their order. */
  readonly files: readonly PackedFile[];
}

/** Name of the first file of a pack. */
export const MANIFEST = "manifest.json";

const FORMAT = "taxi-streams-pack-1";

/** Where the lock files are that name everything a start downloads. */
const LOCKS = [
  "deno.lock",
  "lib/cluster/artifacts.lock.json",
  "lib/cluster/java.requirements.txt",
  "lib/lab/requirements.txt",
  "lib/python/uv.requirements.txt",
];

/** A word for all lock files of a checkout: the same word, the same downloads. */
export async function courseOf(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const path of LOCKS) hash.update(await Deno.readFile(`${root}/${path}`)).update("\0");
  return hash.digest("hex");
}

/** Writes a manifest. */
export function manifestText(manifest: Omit<Manifest, "format">): string {
  return JSON.stringify({ format: FORMAT, ...manifest }, null, 1) + "\n";
}

/** Reads a manifest; null where the text is none. */
export function manifestOf(text: string): Manifest | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  const { format, platform, course, files } = Object(read) as Partial<Manifest>;
  const isWhole = format === FORMAT && PACK_PLATFORMS.includes(platform!) &&
    typeof course === "string" && Array.isArray(files) && files.every(isPackedFile);
  return isWhole ? { format, platform: platform!, course, files: files! } : null;
}

function isPackedFile(file: unknown): boolean {
  const { path, bytes, sha256 } = Object(file) as Partial<PackedFile>;
  return typeof path === "string" && isSafe(path) && Number.isSafeInteger(bytes) &&
    typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

/** Two plain names, so that nothing is written outside. */
function isSafe(path: string): boolean {
  return /^(jars|wheels|pip|npm)\/[\w@+][\w@+.!-]*$/.test(path);
}

const OS = { linux: "linux", darwin: "macos", windows: "windows" } as const;
const ARCH: Readonly<Record<string, string>> = { x86_64: "x64", aarch64: "arm64" };

/**
 * The pack that a system needs; null where there is none for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { packPlatform } from "./manifest.ts";
 * assert.equal(packPlatform("darwin", "aarch64"), "macos-arm64");
 * assert.equal(packPlatform("windows", "aarch64"), null);
 * ```
 * @param arch As `Deno.build.arch` names it.
 */
export function packPlatform(os: SystemName, arch: string): PackPlatform | null {
  const name = `${OS[os]}-${ARCH[arch]}`;
  return PACK_PLATFORMS.find((one) => one === name) ?? null;
}
