/** Every option of a worker stands in the map to Kafka Streams, or is known to have no word there. */
import assert from "node:assert/strict";
import * as streams from "../../lib/streams/mod.ts";
import { TableView, WindowView } from "../../lib/streams/runtime/table_view.ts";
import { Worker } from "../../lib/streams/runtime/mod.ts";
import { OWN_OPTIONS, WORKER_WORDS } from "./worker_words.ts";

Deno.test("every word for running an application is there", () => {
  const own = (of: { readonly prototype: object }) => Object.getOwnPropertyNames(of.prototype);
  const known = {
    worker: own(Worker),
    table: [...own(TableView), ...own(WindowView)],
    app: [...Object.keys(streams), ...own(streams.App)],
  };
  for (const { kafka, use } of WORKER_WORDS) {
    for (const [where, names] of Object.entries(known)) {
      const name = (use as Readonly<Record<string, string>>)[where];
      if (name !== undefined) assert.ok(names.includes(name), `${kafka}: ${name}`);
    }
  }
});

Deno.test("no option of a worker is without a row", async () => {
  const source = await Deno.readTextFile(
    new URL("../../lib/streams/runtime/context.ts", import.meta.url),
  );
  const [, body] = /interface WorkerOptions \{(.*?)\n\}/s.exec(source)!;
  const names = [...body!.matchAll(/^ {2}readonly (\w+)\?/gm)].map(([, name]) => name!);
  const shown = WORKER_WORDS.flatMap(({ use }) => "options" in use ? Object.keys(use.options) : []);
  assert.ok(names.includes("standbys"));
  assert.deepEqual(names.filter((name) => ![...shown, ...OWN_OPTIONS].includes(name)), []);
  const text = WORKER_WORDS.map(({ ours }) => ours).join("\n");
  assert.deepEqual(shown.filter((name) => !text.includes(name)), []);
});
