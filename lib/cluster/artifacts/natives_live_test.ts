import assert from "node:assert/strict";
import { fileName } from "../../downloads/mod.ts";
import { folders } from "../../settings/mod.ts";
import { lock } from "./lock.ts";

/** What the libraries with compiled code name the systems that the README says the course runs on. */
const SYSTEMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Linux x64": { zstd: "linux/amd64", snappy: "Linux/x86_64", lz4: "linux/amd64" },
  "Linux arm64": { zstd: "linux/aarch64", snappy: "Linux/aarch64", lz4: "linux/aarch64" },
  "macOS arm64": { zstd: "darwin/aarch64", snappy: "Mac/aarch64", lz4: "darwin/aarch64" },
  "macOS x64": { zstd: "darwin/x86_64", snappy: "Mac/x86_64", lz4: "darwin/x86_64" },
  "Windows x64": { zstd: "win/amd64", snappy: "Windows/x86_64", lz4: "windows/amd64" },
};

const LIBRARY = /\.(?:so|dll|dylib|jnilib)$/;

/** Files in a jar: the names in the list at its end. */
async function filesIn(jar: string): Promise<string[]> {
  const bytes = await Deno.readFile(jar), view = new DataView(bytes.buffer);
  const files: string[] = [];
  let at = view.getUint32(bytes.length - 22 + 16, true);
  while (view.getUint32(at, true) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    files.push(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name!)));
    at += 46 + name! + extra! + comment!;
  }
  return files;
}

Deno.test("Kafka's locked jars hold compiled code for each supported system, in three libraries and no other", async () => {
  const compiled: string[] = [];
  const natives = new Map<string, string[]>();
  for (const { coordinate } of lock.kafka.jars) {
    const files = await filesIn(`${folders().cache}/jars/${fileName(coordinate)}`);
    assert.ok(files.length > 0, coordinate);
    const libraries = files.filter((name) => LIBRARY.test(name));
    const library = ["zstd", "snappy", "lz4"].find((name) => coordinate.includes(name));
    if (libraries.length > 0) compiled.push(library ?? coordinate);
    if (library !== undefined) natives.set(library, libraries);
  }
  assert.deepEqual(compiled.sort(), ["lz4", "snappy", "zstd"]);
  for (const [system, where] of Object.entries(SYSTEMS)) {
    for (const [library, folder] of Object.entries(where)) {
      const found = natives.get(library)!.some((name) => `/${name}`.includes(`/${folder}/`));
      assert.ok(found, `${library} has nothing for ${system}`);
    }
  }
});

Deno.test("no npm package of the lock file is made for one system", async () => {
  const { npm } = JSON.parse(await Deno.readTextFile(`${folders().root}/deno.lock`)) as {
    readonly npm: Readonly<Record<string, { readonly os?: unknown; readonly cpu?: unknown }>>;
  };
  assert.ok(Object.keys(npm).length > 0);
  const bound = Object.entries(npm).filter(([, { os, cpu }]) =>
    os !== undefined || cpu !== undefined
  );
  assert.deepEqual(bound, []);
});
