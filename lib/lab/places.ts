import { resolve } from "node:path";
import { type Folders, folders } from "../settings/mod.ts";

/** Where the lab keeps its files; absolute paths. Nothing of the learner's own Jupyter is read or written. */
export interface LabPlaces {
  /** The checkout: JupyterLab's file browser starts here. */
  readonly root: string;
  /** What this checkout's cluster and lab keep. */
  readonly state: string;
  /** The Python environment. */
  readonly venv: string;
  /** All that is Jupyter's own. */
  readonly jupyter: string;
  /** Jupyter's configuration, with the token: mode 0600 in a folder of mode 0700. */
  readonly config: string;
  /** Jupyter's data folder, the kernel's specification in it. */
  readonly data: string;
  /** Connection files of kernels. */
  readonly runtime: string;
  /** Copies of notebooks that the editor support works on. */
  readonly virtualDocuments: string;
  /** What JupyterLab and the kernels write for people who look for a fault. */
  readonly log: string;
  /** First on the search path of JupyterLab's terminals: holds `deno`. */
  readonly bin: string;
}

/**
 * Names the lab's files and folders. Makes nothing.
 *
 * @param where The checkout's folders. @default folders()
 */
export function labPlaces(where: Folders = folders()): LabPlaces {
  const root = resolve(where.root), state = resolve(where.state);
  const jupyter = `${state}/jupyter`;
  return {
    root,
    state,
    venv: resolve(where.venv),
    jupyter,
    config: `${jupyter}/config`,
    data: `${jupyter}/data`,
    runtime: `${jupyter}/runtime`,
    virtualDocuments: `${jupyter}/virtual_documents`,
    log: `${jupyter}/lab.log`,
    bin: `${state}/bin`,
  };
}
