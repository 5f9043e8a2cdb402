import { here } from "../platform/mod.ts";
import { statePaths } from "./state.ts";

/**
 * Makes the state folder if it is missing, and refuses one that others could change.
 *
 * @throws {Error} If it is a link, writable by everybody, or somebody else's.
 */
export async function openStateFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const problem = await stateFolderProblem(folder);
  if (problem !== undefined) throw new Error(`Cannot keep a cluster in "${folder}": ${problem}`);
  const paths = statePaths(folder);
  await Deno.writeTextFile(paths.marker, "Taxi Streams keeps a Kafka cluster here.\n", {
    mode: 0o600,
  });
  await Deno.mkdir(paths.logs, { recursive: true, mode: 0o700 });
}

/** Says what is wrong with a folder that holds our state or our downloads, with the fix; undefined when it is fine or not there. */
export async function stateFolderProblem(
  folder: string,
  variable: "TAXI_STATE" | "TAXI_CACHE" = "TAXI_STATE",
): Promise<string | undefined> {
  const link = await Deno.lstat(folder).catch(() => undefined);
  if (link === undefined) return undefined;
  if (link.isSymlink) return `it is a link (remove the link, or set ${variable} to a real folder)`;
  if (!link.isDirectory) return `it is not a folder (set ${variable} to a folder)`;
  if (here.os !== "windows") {
    if (((link.mode ?? 0) & 0o002) !== 0) {
      return `everybody may write to it (run "chmod 700 ${folder}")`;
    }
    if (link.uid !== null && link.uid !== Deno.uid()) {
      return `it belongs to user ${link.uid}, not to you (set ${variable} to a folder of your own)`;
    }
  }
  return undefined;
}

/** True when the folder carries our marker: only then may it be wiped. */
export async function isOurs(folder: string): Promise<boolean> {
  return await Deno.lstat(statePaths(folder).marker).then((file) => file.isFile, () => false);
}
