import assert from "node:assert/strict";
import { end, here } from "../platform/mod.ts";
import { folders } from "../settings/mod.ts";
import { serverConfig } from "./jupyter_files.ts";
import { frame, type Message, unframe } from "./lsp_framing.ts";
import { labPlaces } from "./places.ts";

Deno.test("the editor support answers, with the rights that JupyterLab starts it with and no others", async () => {
  const { root } = folders();
  const places = labPlaces({ root, state: "/state", venv: "/venv", cache: "/cache" });
  const choices = { places, deno: Deno.execPath(), port: 1, token: "t", notebook: "n.ipynb" };
  const { LanguageServerManager } = serverConfig(choices) as {
    LanguageServerManager: { language_servers: { deno: { argv: readonly string[] } } };
  };
  const [deno, ...args] = LanguageServerManager.language_servers.deno.argv;
  const proxy = await here.spawn(deno!, {
    args,
    env: { ...here.env.toObject(), DENO_NO_PROMPT: "1" },
    input: "piped",
    output: "piped",
    errors: "ours",
  });
  const asked: Message = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { capabilities: {} },
  };
  await proxy.write(frame(asked));
  const answers = unframe(proxy.stdout);
  const { value } = await answers.next();
  assert.equal((value as { id?: number })?.id, 1);
  await answers.return(undefined);
  await end(proxy, 60_000);
});
