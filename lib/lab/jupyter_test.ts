import assert from "node:assert/strict";
import { type Child, platform, type SpawnOptions } from "../platform/mod.ts";
import { hasPort, openPage, startServer } from "./jupyter.ts";
import { labPlaces } from "./places.ts";
import { prepareFiles, provideDeno } from "./prepare.ts";
import { packageFolders } from "./python.ts";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("startServer() starts a JupyterLab that Ctrl-C does not reach: detached, but on Windows hidden", async () => {
  const places = labPlaces({
    root: "/course",
    state: "/course/.taxi",
    venv: "/course/.venv",
    cache: "/cache",
  });
  const choices = { places, deno: "/deno", port: 1, token: "t", notebook: "n.ipynb" };
  for (const os of ["linux", "darwin", "windows"] as const) {
    const asked: SpawnOptions[] = [];
    const fake = platform(os, {
      spawn: (_, options) => {
        asked.push(options);
        return Promise.resolve({} as Child);
      },
    });
    await startServer("python", { choices, inherited: {}, platform: fake });
    assert.deepEqual(asked.map(({ detached, input, output }) => ({ detached, input, output })), [
      { detached: os !== "windows", input: "piped", output: { file: places.log } },
    ]);
  }
});

Deno.test("packageFolders() are where each system's Python keeps what is installed", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/lib/python3.12`, { recursive: true });
    const found = (os: "linux" | "windows") => packageFolders(folder, { os });
    assert.deepEqual(await found("linux"), [`${folder}/lib/python3.12/site-packages`]);
    assert.deepEqual(await found("windows"), [`${folder}/Lib/site-packages`]);
  }));

Deno.test("openPage() finds the page of the newest server, whatever its process is called", () =>
  inFolder(async (folder) => {
    assert.equal(await openPage(folder), null);
    const write = async (name: string, at: number) => {
      await Deno.writeTextFile(`${folder}/${name}`, "");
      await Deno.utime(`${folder}/${name}`, at, at);
    };
    await write("jpserver-7-open.html", 1_000);
    await write("jpserver-4711-open.html", 2_000);
    await write("jpserver-8.json", 3_000);
    assert.equal(await openPage(folder), `${folder}/jpserver-4711-open.html`);
  }));

Deno.test("hasPort() believes the note of the server that was started, and no answer of another", () =>
  inFolder(async (folder) => {
    const write = (name: string, token: string) =>
      Deno.writeTextFile(`${folder}/${name}`, JSON.stringify({ port: 8888, token }));
    assert.equal(await hasPort(folder, "ours"), false);
    await write("jpserver-7.json", "older");
    await write("jpserver-8-open.html", "ours");
    assert.equal(await hasPort(folder, "ours"), false);
    await write("jpserver-9.json", "ours");
    assert.equal(await hasPort(folder, "ours"), true);
  }));

Deno.test("provideDeno() makes a deno.exe on Windows, and another one when Deno has changed", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/bin`);
    const made = async (version: string) => {
      await Deno.writeTextFile(`${folder}/${version}`, version);
      await provideDeno(`${folder}/bin`, `${folder}/${version}`, { os: "windows" });
      await provideDeno(`${folder}/bin`, `${folder}/${version}`, { os: "windows" });
      return [
        Array.from(Deno.readDirSync(`${folder}/bin`), ({ name }) => name),
        await Deno.readTextFile(`${folder}/bin/deno.exe`),
      ];
    };
    assert.deepEqual(await made("older"), [["deno.exe"], "older"]);
    assert.deepEqual(await made("the newer"), [["deno.exe"], "the newer"]);
  }));

Deno.test("prepareFiles() refuses a folder that somebody else could have filled, the state folder's own ones too", async () => {
  if (Deno.build.os === "windows") return;
  const planted = ["", "/jupyter", "/jupyter/config", "/jupyter/data", "/jupyter/runtime", "/bin"];
  for (const one of planted) {
    await inFolder(async (folder) => {
      const places = labPlaces({
        root: folder,
        state: `${folder}/state`,
        venv: `${folder}/.venv`,
        cache: folder,
      });
      const path = `${places.state}${one}`;
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
      const choices = { places, deno: Deno.execPath(), port: 1, token: "t", notebook: "n.ipynb" };
      await prepareFiles(choices);
      await Deno.chmod(path, 0o777);
      const before = await Deno.readTextFile(`${places.config}/jupyter_server_config.json`);
      await assert.rejects(prepareFiles({ ...choices, token: "secret" }), {
        message: `Cannot keep JupyterLab's files in "${path}": everybody may write to it ` +
          `(run "chmod 700 ${path}")`,
      });
      assert.equal(
        await Deno.readTextFile(`${places.config}/jupyter_server_config.json`),
        before,
      );
      if (Deno.uid() !== 0) return;
      await Deno.chmod(path, 0o700);
      await Deno.chown(path, 1234, 1234);
      await assert.rejects(prepareFiles(choices), /belongs to user 1234, not to you/);
    });
  }
});
