import assert from "node:assert/strict";
import type { Message } from "./lsp_framing.ts";
import { answer, toClient, toServer } from "./lsp_messages.ts";

const places = { virtual: "file:///state/virtual", root: "file:///course" };
const message = (method: string, params: unknown, id?: number): Message => ({
  jsonrpc: "2.0",
  method,
  params,
  ...(id === undefined ? {} : { id }),
});

// The messages below are shortened from a session of jupyterlab-lsp 5.3.0 with Deno 2.9.6.

Deno.test("toServer() opens the checkout as the one workspace, with Deno's support on", () => {
  const params = toServer(
    message("initialize", {
      processId: null,
      rootUri: "file:///state/virtual",
      capabilities: { textDocument: { hover: {} }, workspace: { didChangeConfiguration: {} } },
      initializationOptions: null,
    }, 0),
    places,
  )?.params as Record<string, unknown>;
  assert.equal(params.rootUri, "file:///course");
  assert.equal((params.initializationOptions as { enable: boolean }).enable, true);
  assert.deepEqual(params.capabilities, {
    textDocument: { hover: {} },
    workspace: { didChangeConfiguration: {}, configuration: true },
  });
});

Deno.test("toServer() keeps the editor's empty settings from switching Deno off", () => {
  assert.equal(
    toServer(message("workspace/didChangeConfiguration", { settings: {} }), places),
    undefined,
  );
});

Deno.test("toServer() leaves files of the library where they are, and text that looks like a place", () => {
  const moved = toServer(
    message("textDocument/didOpen", {
      textDocument: {
        uri: "file:///state/virtual/lib/kafka/mod.ts",
        languageId: "typescript",
        text: "// see file:///state/virtual/a.ipynb",
      },
    }),
    places,
  );
  assert.deepEqual(moved?.params, {
    textDocument: {
      uri: "file:///course/lib/kafka/mod.ts",
      languageId: "typescript",
      text: "// see file:///state/virtual/a.ipynb",
    },
  });
});

Deno.test("toClient() gives diagnostics back to the notebook, without those that are false in cells", () => {
  const diagnostic = (code: number, severity: number) => ({
    range: { start: { line: 0, character: 6 }, end: { line: 0, character: 9 } },
    severity,
    code,
    source: "deno-ts",
    message: "…",
  });
  const moved = toClient(
    message("textDocument/publishDiagnostics", {
      uri: "file:///course/notebooks/a.ipynb.ts",
      diagnostics: [diagnostic(2322, 1), diagnostic(2451, 1), diagnostic(6133, 4)],
    }),
    places,
  )?.params as { uri: string; diagnostics: { code: number }[] };
  assert.equal(moved.uri, "file:///state/virtual/notebooks/a.ipynb");
  assert.deepEqual(moved.diagnostics.map(({ code }) => code), [2322]);
});

Deno.test("toClient() keeps every diagnostic of a library file, and the file's own place", () => {
  const params = {
    uri: "file:///course/lib/kafka/mod.ts",
    diagnostics: [{ code: 2451, severity: 1 }, { code: 6133, severity: 4 }],
  };
  // The library file was opened from the virtual folder, so its diagnostics must go back there.
  assert.deepEqual(
    toClient(message("textDocument/publishDiagnostics", params), places)?.params,
    { ...params, uri: "file:///state/virtual/lib/kafka/mod.ts" },
  );
});

Deno.test("toClient() keeps Deno's own notices from an editor that does not know them", () => {
  assert.equal(toClient(message("deno/didUpgradeCheck", {}), places), undefined);
});

Deno.test("answer() tells Deno its settings, and says nothing to what is no question", () => {
  const asked = message("workspace/configuration", {
    items: [{ section: "deno" }, { section: "javascript" }],
  }, 7);
  const [deno, javascript] = answer(asked)?.result as [{ enable: boolean }, object];
  assert.deepEqual([deno.enable, javascript], [true, {}]);
  assert.equal(answer(message("client/registerCapability", {}, 8))?.result, null);
  assert.equal(answer({ jsonrpc: "2.0", id: 1, result: {} }), undefined);
});
