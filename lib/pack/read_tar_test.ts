import assert from "node:assert/strict";
import { create } from "tar";
import { readTar } from "./read_tar.ts";

Deno.test("readTar() reads what npm's tar writes: long names, empty files, folders and links passed over", async () => {
  const folder = await Deno.makeTempDir();
  const long = ["a".repeat(90), "b".repeat(90), "ü".repeat(60)].join("/");
  const files: Record<string, string> = {
    short: "s",
    empty: "",
    [`${"p".repeat(80)}/${"q".repeat(80)}`]: "in a prefix",
    [`${long}/last`]: "in a record of its own",
    block: "x".repeat(512),
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/in/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/in/${path}`, text);
  }
  await Deno.symlink("short", `${folder}/in/link`);
  await create(
    { file: `${folder}/t`, cwd: `${folder}/in` },
    Deno.readDirSync(`${folder}/in`)
      .map(({ name }) => name).toArray(),
  );
  const read: Record<string, string> = {};
  for await (const { path, content } of readTar((await Deno.open(`${folder}/t`)).readable)) {
    // One is not read at all.
    if (path !== "short") read[path] = (await Array.fromAsync(content(), text)).join("");
  }
  const { short: _, ...others } = files;
  assert.deepEqual(read, others);
  await Deno.remove(folder, { recursive: true });
});

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
