import { fileURLToPath } from "node:url";
import { here, type Platform } from "../platform/mod.ts";
import { pythonEnvironment } from "../python/mod.ts";
import { folders } from "../settings/mod.ts";
import { labPlaces } from "./places.ts";

const REQUIREMENTS = fileURLToPath(new URL("./requirements.txt", import.meta.url));
const LOOK_EVERY_MS = 500;

/** What happens now; `fraction` (0 to 1) only where a bar makes sense. */
export interface SetUpProgress {
  /** One line for people, without a full stop. */
  readonly text: string;
  /** How much of this step is done, from 0 to 1. */
  readonly fraction?: number;
}

/** Who is told about the set-up. */
export interface SetUpOptions {
  /** Told what happens. @default nothing is said */
  readonly progress?: (progress: SetUpProgress) => void;
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
  const { progress } = options;
  const folder = labPlaces().venv;
  let looking: ReturnType<typeof setInterval> | undefined;
  const text = "Installing JupyterLab";
  try {
    const { python } = await pythonEnvironment({
      folder,
      requirements: REQUIREMENTS,
      cache: folders().cache,
      progress: (line) => {
        progress?.({ text: line });
        progress?.({ text, fraction: 0 });
        looking ??= setInterval(
          () => installed(folder).then((fraction) => progress?.({ text, fraction })),
          LOOK_EVERY_MS,
        );
      },
    });
    if (looking !== undefined) progress?.({ text, fraction: 1 });
    return python;
  } finally {
    clearInterval(looking);
  }
}

/** How much stands there, 0 to 1, by the number of packages. */
async function installed(folder: string): Promise<number> {
  const named = (await Deno.readTextFile(REQUIREMENTS)).match(/^[a-z].*==/gm)?.length ?? 1;
  let found = 0;
  for (const packages of await packageFolders(folder)) {
    for (const name of await names(packages)) if (name.endsWith(".dist-info")) found++;
  }
  // Some of the packages named are for other systems and versions of Python.
  return Math.min(found / named, 0.95);
}

/** Where an environment keeps its packages. */
export async function packageFolders(
  folder: string,
  { os }: Pick<Platform, "os"> = here,
): Promise<string[]> {
  if (os === "windows") return [`${folder}/Lib/site-packages`];
  const versions = await names(`${folder}/lib`);
  return versions.map((version) => `${folder}/lib/${version}/site-packages`);
}

async function names(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch {
    return [];
  }
}
