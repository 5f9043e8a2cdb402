/**
 * Stands between JupyterLab's editor support and `deno lsp`: `deno run lsp_proxy.ts VIRTUAL_FOLDER ROOT`.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { here } from "../platform/mod.ts";
import { frame, type Message, unframe } from "./lsp_framing.ts";
import { answer, type LspPlaces, toClient, toServer } from "./lsp_messages.ts";

if (import.meta.main) {
  const [virtual, root] = Deno.args;
  await proxy({ virtual: pathToFileURL(virtual!).href, root: pathToFileURL(root!).href });
  Deno.exit(0);
}

/** Passes messages both ways until the editor's side ends. */
async function proxy(places: LspPlaces): Promise<void> {
  const server = await here.spawn(Deno.execPath(), {
    args: ["lsp", "--quiet"],
    input: "piped",
    output: "piped",
    errors: "null",
  });
  const pass = (message: Message) => server.write(frame(message));
  const back = (async () => {
    for await (const message of unframe(server.stdout)) {
      const reply = answer(message);
      if (reply) await pass(reply);
      const moved = reply ? undefined : toClient(message, places);
      if (moved) await writeAll(frame(moved));
    }
  })();
  for await (const message of unframe(Deno.stdin.readable)) {
    const moved = toServer(message, places);
    if (moved) await pass(moved);
  }
  server.kill();
  await back;
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await Deno.stdout.write(bytes.subarray(sent));
}
