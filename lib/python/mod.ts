/**
 * Finds a Python and makes an environment with exactly the packages of a hashed requirements file.
 *
 * ```ts ignore
 * const { python } = await pythonEnvironment({
 *   folder: `${folders().cache}/java`,
 *   requirements: "lib/cluster/java.requirements.txt",
 * });
 * ```
 * Knows no other room. Used by `cluster` (a Java runtime) and `lab` (JupyterLab).
 *
 * @module
 */
export type { Ended } from "../platform/mod.ts";
export { findPython, type Python, type Run, runProgram } from "./find.ts";
export {
  environmentIsReady,
  installedUv,
  type PythonEnvironment,
  pythonEnvironment,
  type PythonEnvironmentOptions,
} from "./environment.ts";
export { pipArgs, type PipOptions, pipWheel } from "./fetched_uv.ts";
export { type Route, routes } from "./routes.ts";
export type { FetchFiles, Order } from "../downloads/mod.ts";
