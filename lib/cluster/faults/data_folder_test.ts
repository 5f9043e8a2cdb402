import assert from "node:assert/strict";
import { inspectDataFolder } from "./data_folder.ts";

const META = "version=1\ncluster.id=abc\nnode.id=1\n";
const LOG = "__cluster_metadata-0/00000000000000000000.log";

/** A folder with these files: a name that ends in "/" is an empty folder. */
async function inspect(files: Record<string, string>): Promise<string> {
  const root = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    const path = `${root}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (!name.endsWith("/")) await Deno.writeTextFile(path, text);
  }
  const result = await inspectDataFolder(root, { n: 1, clusterId: "abc" })
    .catch((error: Error) => error.message.replace(root, "D"));
  await Deno.remove(root, { recursive: true });
  return result;
}

Deno.test("inspectDataFolder() wants a fresh folder formatted, and takes its own", async () => {
  assert.equal(await inspect({}), "empty");
  assert.equal(await inspect({ "meta.properties": META, [LOG]: "x", "demo_1-0/": "" }), "ready");
  assert.equal(await inspect({ "meta.properties": META, ".DS_Store": "" }), "ready");
});

Deno.test("inspectDataFolder() takes an empty partition that was put aside for a new one", async () => {
  const aside = "demo_1-0.0123456789abcdef0123456789abcdef-stray/00000000000000000000.log";
  const files = { "meta.properties": META, [LOG]: "x", "demo_1-0/": "" };
  assert.equal(await inspect({ ...files, [aside]: "" }), "ready");
  assert.match(await inspect({ ...files, [aside]: "records" }), /Kafka no longer knows demo_1-0/);
});

const FIX = '(run "deno task reset" to start without data)';
const REFUSED: readonly [what: string, files: Record<string, string>, words: string][] = [
  [
    "meta.properties gone",
    { [LOG]: "x", "demo_1-0/": "" },
    `it is damaged: meta.properties is missing ${FIX}`,
  ],
  [
    "meta.properties garbage",
    { "meta.properties": "%&/(" },
    `it is damaged: meta.properties is unreadable ${FIX}`,
  ],
  [
    "another broker's",
    { "meta.properties": META.replace("id=1", "id=2") },
    `it belongs to another cluster (broker 2 of "abc") ${FIX}`,
  ],
  [
    "another cluster's",
    { "meta.properties": META.replace("abc", "xyz") },
    `it belongs to another cluster (broker 1 of "xyz") ${FIX}`,
  ],
  [
    "a foreign folder",
    { "meta.properties": META, [LOG]: "x", "my_homework/": "" },
    '"my_homework" in it is not Kafka\'s (move it away)',
  ],
  [
    "the metadata log gone",
    { "meta.properties": META, "demo_1-0/": "", "__cluster_metadata-0/": "" },
    `it is damaged: the cluster's own log is missing, so its topics would be forgotten ${FIX}`,
  ],
  [
    "topics put aside by an earlier start",
    { "meta.properties": META, [LOG]: "x", "demo_1-0.0123456789abcdef0123456789abcdef-stray/": "" },
    `it is damaged: Kafka no longer knows demo_1-0 ${FIX}`,
  ],
];

for (const [what, files, words] of REFUSED) {
  Deno.test(`inspectDataFolder() refuses a folder with ${what}`, async () => {
    assert.equal(await inspect(files), `Cannot use the data folder "D": ${words}`);
  });
}
