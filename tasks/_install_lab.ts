/** Installs JupyterLab into this checkout's Python environment, for images: a start then finds it there. */
import { pythonOf } from "../lib/lab/mod.ts";
import { sayer } from "./_progress.ts";

await pythonOf({ progress: sayer() });
