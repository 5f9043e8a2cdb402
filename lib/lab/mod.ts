/**
 * JupyterLab on the Deno kernel: its Python environment, its settings, its start and its end.
 *
 * ```ts ignore
 * const lab = await startLab({ port: 8888, progress: ({ text }) => console.error(text) });
 * console.log(lab.url);
 * await lab.stop();
 * ```
 * `server/` holds what runs inside JupyterLab (Python): readable syntax errors and the stop button.
 *
 * @module
 */
export { type JsonObject, kernelSpec } from "./jupyter_files.ts";
export { type Lab, type LabOptions, startLab } from "./jupyter.ts";
export { type LabPlaces, labPlaces } from "./places.ts";
export { pythonOf, type SetUpOptions, type SetUpProgress } from "./python.ts";
