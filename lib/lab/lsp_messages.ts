import type { Message } from "./lsp_framing.ts";

/** Where the editor thinks documents are, and where they stand for Deno; `file://` URLs without a slash at the end. */
export interface LspPlaces {
  /** Folder of the copies that jupyter-lsp keeps. */
  readonly virtual: string;
  /** The checkout. */
  readonly root: string;
}

/** What `deno lsp` is told about how to work. */
const SETTINGS = {
  enable: true,
  lint: false, // a name used in a later cell only is no fault
  unstable: [],
  cacheOnSave: false,
  suggest: { autoImports: true, completeFunctionCalls: false },
} as const;

/** Codes that are true for a module and false for cells, which may say a name again. */
const FALSE_IN_NOTEBOOKS = new Set([2300, 2440, 2451]);

const HINT = 4;

/**
 * Turns a message of the editor into what `deno lsp` understands. Undefined: not to be passed on.
 *
 * A notebook becomes one TypeScript module beside it, so that `lib/…` is found.
 *
 * @example A cell's language has a name of Jupyter's own
 * ```ts
 * import assert from "node:assert/strict";
 * import { toServer } from "./lsp_messages.ts";
 * const places = { virtual: "file:///v", root: "file:///course" };
 * const opened = toServer({ jsonrpc: "2.0", method: "textDocument/didOpen", params: {
 *   textDocument: { uri: "file:///v/a.ipynb", languageId: "x.typescript", version: 1, text: "1" },
 * } }, places);
 * assert.deepEqual(opened?.params, {
 *   textDocument: { uri: "file:///course/a.ipynb.ts", languageId: "typescript", version: 1, text: "1" },
 * });
 * ```
 */
export function toServer(message: Message, places: LspPlaces): Message | undefined {
  if (message.method === "workspace/didChangeConfiguration") return undefined;
  const moved = mapUrls(message, (url) => toReal(url, places)) as Message;
  if (moved.method === "initialize") return { ...moved, params: initialize(moved, places) };
  if (moved.method !== "textDocument/didOpen") return moved;
  const { textDocument } = moved.params as { textDocument: { languageId: string } };
  return {
    ...moved,
    params: {
      textDocument: { ...textDocument, languageId: textDocument.languageId.replace(/^x\./, "") },
    },
  };
}

/**
 * Turns a message of `deno lsp` into what the editor understands. Undefined: not to be passed on.
 *
 * Diagnostics that are false in a notebook are left out.
 */
export function toClient(message: Message, places: LspPlaces): Message | undefined {
  if (message.method?.startsWith("deno/")) return undefined;
  const moved = mapUrls(message, (url) => toVirtual(url, places)) as Message;
  if (moved.method !== "textDocument/publishDiagnostics") return moved;
  const params = moved.params as { uri: string; diagnostics: readonly Diagnostic[] };
  const diagnostics = params.diagnostics.filter((one) => isTrueHere(one, params.uri));
  return { ...moved, params: { ...params, diagnostics } };
}

/**
 * Answers what `deno lsp` asks the editor, for the editor knows nothing of Deno.
 * Undefined when the message is not a question.
 */
export function answer(message: Message): Message | undefined {
  if (message.method === undefined || message.id === undefined) return undefined;
  if (message.method !== "workspace/configuration") {
    return { jsonrpc: "2.0", id: message.id, result: null };
  }
  const { items } = message.params as { items: readonly { section?: string }[] };
  const result = items.map(({ section }) => section === "deno" ? SETTINGS : {});
  return { jsonrpc: "2.0", id: message.id, result };
}

interface Diagnostic {
  readonly code?: number | string;
  readonly severity?: number;
}

function isTrueHere({ code, severity }: Diagnostic, url: string): boolean {
  if (!url.endsWith(".ipynb")) return true;
  return severity !== HINT && !FALSE_IN_NOTEBOOKS.has(Number(code));
}

function initialize(message: Message, { root }: LspPlaces): unknown {
  const params = message.params as { capabilities?: { workspace?: object } };
  return {
    ...params,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: "course" }],
    initializationOptions: SETTINGS,
    capabilities: {
      ...params.capabilities,
      workspace: { ...params.capabilities?.workspace, configuration: true },
    },
  };
}

function toReal(url: string, { virtual, root }: LspPlaces): string {
  if (!url.startsWith(`${virtual}/`)) return url;
  const moved = root + url.slice(virtual.length);
  return moved.endsWith(".ipynb") ? `${moved}.ts` : moved;
}

function toVirtual(url: string, { virtual, root }: LspPlaces): string {
  if (!url.startsWith(`${root}/`)) return url;
  return virtual + url.slice(root.length).replace(/\.ipynb\.ts$/, ".ipynb");
}

/** Applies `change` to every string in a JSON value that is a place, and to the names of its fields. */
function mapUrls(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return value.startsWith("file:") ? change(value) : value;
  if (Array.isArray(value)) return value.map((one) => mapUrls(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.startsWith("file:") ? change(name) : name,
      mapUrls(one, change),
    ]),
  );
}
