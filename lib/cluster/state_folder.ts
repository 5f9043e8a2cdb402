import { folderProblem, openOwnFolder, writeProblem } from "../platform/mod.ts";
import { statePaths } from "./state.ts";

/**
 * Makes the state folder if it is missing, and refuses one that others could change.
 *
 * @throws {Error} If it is a link, writable by its group or everybody, or somebody else's.
 */
export async function openStateFolder(folder: string): Promise<void> {
  await openOwnFolder(folder, { purpose: "keep a cluster", variable: "TAXI_STATE" });
  const paths = statePaths(folder);
  await Deno.writeTextFile(paths.marker, "Taxi Streams keeps a Kafka cluster here.\n", {
    mode: 0o600,
  });
  await Deno.mkdir(paths.logs, { recursive: true, mode: 0o700 });
}

/** Says what is wrong with the state folder, with the fix; undefined when it is fine or not there. */
export async function stateFolderProblem(folder: string): Promise<string | undefined> {
  const variable = "TAXI_STATE";
  return await folderProblem(folder, { variable }) ?? await writeProblem(folder, { variable });
}

/**
 * Refuses to believe what stands in a state folder that others could change: it names processes that are to be ended.
 *
 * @param purpose What is about to be done, as in `Cannot look at the cluster in "…"`.
 * @throws {Error} If somebody else could have written there.
 */
export async function trustStateFolder(folder: string, purpose: string): Promise<void> {
  const problem = await folderProblem(folder, { variable: "TAXI_STATE" });
  if (problem !== undefined) throw new Error(`Cannot ${purpose} in "${folder}": ${problem}`);
}

/** True when the folder carries our marker: only then may it be wiped. */
export async function isOurs(folder: string): Promise<boolean> {
  return await Deno.lstat(statePaths(folder).marker).then((file) => file.isFile, () => false);
}
