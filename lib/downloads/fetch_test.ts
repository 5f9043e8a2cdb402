import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fetchArtifacts, type FetchFiles } from "./fetch.ts";
import type { Artifact } from "./artifact.ts";

const artifact = (name: string, text: string): Artifact => ({
  coordinate: `g:${name}:1`,
  bytes: text.length,
  sha256: createHash("sha256").update(text).digest("hex"),
});

/** Writes, at each call, the next of these texts for each file; undefined means that the fetch fails. */
function source(texts: Record<string, (string | undefined)[]>) {
  const asked: string[] = [];
  const fetch: FetchFiles = async (orders, on) => {
    for (const order of orders) {
      asked.push(order.coordinate);
      const text = texts[order.coordinate]?.shift();
      if (text === undefined) on.failed(order, "getaddrinfo ENOTFOUND");
      else {
        await Deno.writeTextFile(`${order.folder}/${order.name}`, text);
        on.arrived(order);
      }
    }
  };
  return { asked, fetch };
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("fetchArtifacts() fetches what is missing and leaves what is right", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a-1.jar`, "aaa");
    const { asked, fetch } = source({ "g:b:1": ["bbb"] });
    await fetchArtifacts([artifact("a", "aaa"), artifact("b", "bbb")], { folder, fetch });
    assert.deepEqual([asked, await names(folder)], [["g:b:1"], ["a-1.jar", "b-1.jar"]]);
  }));

Deno.test("fetchArtifacts() throws a changed file away and fetches it again", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a-1.jar`, "aXa");
    const { asked, fetch } = source({ "g:a:1": ["aYa", "aaa"] });
    await fetchArtifacts([artifact("a", "aaa")], { folder, fetch });
    assert.equal(asked.length, 2);
    assert.equal(await Deno.readTextFile(`${folder}/a-1.jar`), "aaa");
  }));

Deno.test("fetchArtifacts() gives a half file no name", () =>
  inFolder(async (folder) => {
    const { fetch } = source({ "g:a:1": ["a", "aa", "a"] });
    await assert.rejects(fetchArtifacts([artifact("a", "aaa")], { folder, fetch }), {
      message: 'Cannot download "g:a:1": what arrived is not the file this project names ' +
        "(try again; if it stays, a proxy changes downloads)",
    });
    assert.deepEqual(await names(folder), []);
  }));

Deno.test("fetchArtifacts() keeps what has arrived when the network goes, and says what to do", () =>
  inFolder(async (folder) => {
    const { fetch } = source({ "g:a:1": ["aaa"] });
    const both = [artifact("a", "aaa"), artifact("b", "bbb")];
    await assert.rejects(fetchArtifacts(both, { folder, fetch }), {
      message: 'Cannot download "g:b:1": no network answer (connect once, then run this again; ' +
        "what has arrived is kept, and later it works offline)",
    });
    assert.deepEqual(await names(folder), ["a-1.jar"]);
  }));

Deno.test("fetchArtifacts() stops asking when it is told to stop", () =>
  inFolder(async (folder) => {
    const { asked, fetch } = source({});
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await assert.rejects(fetchArtifacts([artifact("a", "aaa")], { folder, fetch, signal }), {
      message: "Ctrl-C",
    });
    assert.deepEqual(asked, []);
  }));
