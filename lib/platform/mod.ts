/**
 * What differs between Linux, macOS and Windows, behind one object, so that each is a unit test on any of them.
 *
 * ```ts ignore
 * const child = await here.spawn("java", { args, input: "piped", output: "piped" });
 * await end(child, 10_000);                       // closes its input, then kills
 * replaceFile(path, text);                        // whole or not at all, also while a scanner has it open
 * const windows = platform("windows", { run: fakeRun });
 * ```
 * Knows no other room; every room may know it.
 *
 * @module
 */
export {
  type Abilities,
  here,
  type Memory,
  type Platform,
  platform,
  type SystemName,
} from "./platform.ts";
export {
  type Child,
  end,
  type Ended,
  type Exit,
  type RunOptions,
  type SpawnOptions,
  textOf,
} from "./children.ts";
export { folderProblem, openOwnFolder, type OwnFolderOptions, writeProblem } from "./own_folder.ts";
export { isBusy, replaceFile, type ReplaceOptions, whileBusy } from "./files.ts";
export {
  listenOnLoopback,
  type LoopbackServer,
  serveLoopback,
  type ServeOptions,
} from "./loopback.ts";
