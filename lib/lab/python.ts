import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../python/mod.ts";
import { labPlaces } from "./places.ts";

const REQUIREMENTS = fileURLToPath(new URL("./requirements.txt", import.meta.url));

/** Who is told about the set-up. */
export interface SetUpOptions {
  /** Told what happens, one line at a time. @default nothing is said */
  readonly progress?: (line: string) => void;
}

/**
 * Makes the Python environment with JupyterLab in it, or finds it made.
 *
 * An environment that was left half-made, or made for other versions, is made again.
 *
 * @returns Absolute path of its Python.
 * @throws {Error} If there is no Python ≥ 3.10, no network, or a download is not what it should be.
 */
export async function pythonOf(options: SetUpOptions = {}): Promise<string> {
  const { python } = await pythonEnvironment({
    folder: labPlaces().venv,
    requirements: REQUIREMENTS,
    ...options,
  });
  return python;
}
