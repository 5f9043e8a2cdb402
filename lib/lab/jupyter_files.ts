import { pathToFileURL } from "node:url";
import { here, type Platform } from "../platform/mod.ts";
import type { LabPlaces } from "./places.ts";

/** Any JSON object that Jupyter reads. */
export type JsonObject = { readonly [name: string]: unknown };

/** What one start of JupyterLab needs to know. */
export interface ServerChoices {
  readonly places: LabPlaces;
  /** Absolute path of the running Deno. */
  readonly deno: string;
  readonly port: number;
  /** Address to listen on; a container needs another. @default "127.0.0.1" */
  readonly listen?: string;
  /** Where a proxy hands JupyterLab on, path and all. @default nowhere */
  readonly publicUrl?: URL | null;
  /** Who knows it may run code here: random, new at each start. */
  readonly token: string;
  /** Path of the notebook to open, from the checkout. */
  readonly notebook: string;
}

/** `kernel.json`: the kernel is the Deno that runs now, so that both read one cache and one lock file. */
export function kernelSpec(deno: string): JsonObject {
  return {
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "signal",
    env: { DENO_NO_UPDATE_CHECK: "1", DENO_NO_PROMPT: "1" },
  };
}

/** `overrides.json`: JupyterLab's settings as a class wants them. A learner's own choices still win. */
export function labSettings(): JsonObject {
  return {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
    "@jupyterlab/extensionmanager-extension:plugin": { enabled: false },
    "@jupyterlab/notebook-extension:tracker": {
      kernelShutdown: true,
      autoStartDefaultKernel: true,
      codeCellConfig: { lineNumbers: true, lineWrap: false },
      inputHistoryScope: "session",
      // A chart that is drawn only when scrolled to would be missing from a picture of the page.
      windowingMode: "defer",
    },
    // Names of notebooks need the room.
    "@jupyterlab/filebrowser-extension:browser": { showLastModifiedColumn: false },
    "@jupyterlab/lsp-extension:plugin": { activate: "on" },
    "@jupyterlab/completer-extension:manager": {
      // The kernel's names come late while a cell awaits: the editor support answers first.
      availableProviders: {
        "CompletionProvider:lsp": 1000,
        "CompletionProvider:kernel": 550,
        "CompletionProvider:context": 500,
      },
    },
  };
}

/** `custom.css`: the sidebar opens wide enough for `02_produce_a_thousand_numbers.ipynb`. */
export const LAB_STYLE = "#main #jp-left-stack { min-width: 300px !important; }\n";

/** `jupyter_server_config.json`. Holds the token: write it for its owner's eyes only. */
export function serverConfig(choices: ServerChoices, platform: Platform = here): JsonObject {
  const { places, port, listen = "127.0.0.1", publicUrl = null } = choices;
  return {
    ServerApp: {
      ip: listen,
      port,
      ...(publicUrl !== null && {
        base_url: publicUrl.pathname,
        local_hostnames: ["localhost", publicUrl.hostname],
        allow_origin: publicUrl.origin,
      }),
      port_retries: 0,
      allow_remote_access: false,
      // In a container everybody is root; the token and the loopback address stay the guard.
      allow_root: true,
      open_browser: false, // the task opens it once Kafka answers, too
      root_dir: places.root,
      answer_yes: true,
      log_level: "WARN",
      kernel_websocket_connection_class: "connection.Connection",
      kernel_manager_class: "kernels.Kernels",
      // A login shell would reset the search path, and "deno" would be gone from it.
      terminado_settings: { shell_command: terminalShell(platform) },
    },
    IdentityProvider: { token: choices.token },
    LabApp: { default_url: `/lab/tree/${choices.notebook}`, custom_css: true },
    KernelSpecManager: { allowed_kernelspecs: ["deno"], ensure_native_kernel: false },
    Kernels: { kernel_manager_class: "kernels.Kernel", default_kernel_name: "deno" },
    KernelManager: { shutdown_wait_time: 1 },
    ContentsManager: { hide_globs: ["__pycache__", "*.pyc", ".*", "node_modules"] },
    LanguageServerManager: {
      autodetect: false,
      virtual_documents_dir: places.virtualDocuments,
      language_servers: { deno: languageServer(choices) },
    },
  };
}

/** How jupyter-lsp starts the editor support for TypeScript. */
function languageServer({ places, deno }: ServerChoices): JsonObject {
  return {
    version: 2,
    display_name: "Deno",
    languages: ["typescript", "x.typescript"], // the kernel's own name for it
    mime_types: ["text/x.typescript", "text/typescript", "application/typescript"],
    argv: [
      ...[deno, "run", "--no-config", "--allow-run", "--allow-env", "--allow-read"],
      ...[`${places.root}/lib/lab/lsp_proxy.ts`, places.virtualDocuments, places.root],
    ],
  };
}

/**
 * Environment of JupyterLab: the caller's, without what would reach into the learner's own Jupyter
 * or Python.
 *
 * `TAXI_STOP_BY` tells both ends of ■ how it reaches a kernel: Windows has no signal that Deno's kernel could hear.
 */
export function serverEnvironment(
  choices: Pick<ServerChoices, "places" | "deno">,
  inherited: Readonly<Record<string, string>>,
  platform: Platform = here,
): Record<string, string> {
  const { places, deno } = choices;
  // Windows calls it Path; two names for one variable would be a matter of luck.
  const windows = platform.os === "windows";
  const isPath = (name: string) => name === "PATH" || (windows && name.toUpperCase() === "PATH");
  const kept = Object.entries(inherited).filter(([name]) =>
    !/^(JUPYTER|JP_LSP_|PYTHON)/.test(name) && !isPath(name)
  );
  const searched = Object.entries(inherited).find(([name]) => isPath(name))?.[1] ?? "";
  return {
    TAXI_STOP_BY: windows ? "file" : "signal",
    ...Object.fromEntries(kept),
    PATH: [places.bin, searched].join(platform.path.delimiter),
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
    JUPYTER_CONFIG_DIR: places.config,
    JUPYTER_DATA_DIR: places.data,
    JUPYTER_RUNTIME_DIR: places.runtime,
    JUPYTER_PREFER_ENV_PATH: "1",
    IPYTHONDIR: `${places.data}/ipython`,
    TAXI_STATE: places.state,
    TAXI_DENO: deno,
    TAXI_KERNEL_START: pathToFileURL(`${places.root}/lib/course/kernel_start.ts`).href,
  };
}

function terminalShell({ os, env }: Platform): string[] {
  if (os === "windows") return ["powershell.exe"];
  return [env.get("SHELL") || "sh"];
}
