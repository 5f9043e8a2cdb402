import { fileURLToPath } from "node:url";
import { here, textOf } from "../platform/mod.ts";
import { TextLineStream } from "./lines.ts";
import type { FetchFiles, Order } from "./fetch.ts";

/** No byte for so long means that none will come. */
const STALLED_AFTER_MS = 60_000;

/** Fetches from Maven Central, by coordinate, in a child process. */
export const fetchFromMaven: FetchFiles = async (orders, on) => {
  const child = await here.spawn(Deno.execPath(), {
    args: [
      "run",
      ...["--allow-net", "--allow-env", "--allow-sys", "--allow-read"],
      // Somebody else's code: it may write where its files belong, and start nothing.
      `--allow-write=${[...new Set(orders.map(({ folder }) => folder))].join()}`,
      ...["--quiet", "--no-prompt"],
      fileURLToPath(new URL("./maven_child.ts", import.meta.url)),
      JSON.stringify(orders),
    ],
    output: "piped",
  });
  // The client still uses node:punycode; its deprecation warning says nothing to a learner.
  const errors = textOf(child.stderr);
  const waiting = new Map(orders.map((order) => [order.name, order]));
  let stalled = false;
  const stopWatching = whenStalled(orders, () => {
    stalled = true;
    child.kill();
  });
  try {
    const stdout = child.stdout as ReadableStream<Uint8Array<ArrayBuffer>>;
    for await (const line of stdout.pipeThrough(new TextLineStream())) {
      const said = JSON.parse(line) as { arrived?: string; failed?: string; why?: string };
      const order = waiting.get(said.arrived ?? said.failed ?? "");
      if (order === undefined) continue;
      waiting.delete(order.name);
      if (said.arrived) on.arrived(order);
      else on.failed(order, said.why ?? "");
    }
  } finally {
    stopWatching();
  }
  const { code } = await child.exited;
  if (code === 0) return;
  const why = stalled ? "the download stalled" : lastError(await errors);
  for (const order of waiting.values()) on.failed(order, why);
};

function lastError(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "the downloader ended";
}

/** Calls back once when the files on disk have not grown for a minute. */
function whenStalled(orders: readonly Order[], act: () => void): () => void {
  let seen = -1, since = Date.now();
  const timer = setInterval(async () => {
    let bytes = 0;
    for (const { folder, name } of orders) {
      bytes += await Deno.stat(`${folder}/${name}`).then((file) => file.size, () => 0);
    }
    if (bytes !== seen) [seen, since] = [bytes, Date.now()];
    else if (Date.now() - since > STALLED_AFTER_MS) act();
  }, 1_000);
  return () => clearInterval(timer);
}
