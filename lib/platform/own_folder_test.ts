import assert from "node:assert/strict";
import { folderProblem, openOwnFolder, writeProblem } from "./own_folder.ts";

const unix = Deno.build.os !== "windows";
const variable = "TAXI_STATE";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("openOwnFolder() makes a folder for its owner alone, with those above it", () =>
  inFolder(async (folder) => {
    for (let n = 0; n < 2; n++) {
      await openOwnFolder(`${folder}/new/deep`, { purpose: "keep it", variable });
    }
    if (!unix) return;
    for (const one of ["new", "new/deep"]) {
      assert.equal(Deno.statSync(`${folder}/${one}`).mode! & 0o777, 0o700, one);
    }
  }));

Deno.test("a folder that its group or everybody may write to is refused, with the fix", async () => {
  if (!unix) return;
  await inFolder(async (folder) => {
    for (
      const [mode, who] of [
        [0o770, "its group"],
        [0o775, "its group"],
        [0o720, "its group"],
        [0o777, "everybody"],
        [0o1777, "everybody"],
        [0o702, "everybody"],
      ] as const
    ) {
      const path = `${folder}/${mode.toString(8)}`;
      await Deno.mkdir(path);
      await Deno.chmod(path, mode);
      await assert.rejects(openOwnFolder(path, { purpose: "keep it", variable }), {
        message: `Cannot keep it in "${path}": ${who} may write to it (run "chmod 700 ${path}")`,
      });
    }
    for (const mode of [0o700, 0o755, 0o750]) {
      const path = `${folder}/fine-${mode.toString(8)}`;
      await Deno.mkdir(path);
      await Deno.chmod(path, mode);
      await openOwnFolder(path, { purpose: "keep it", variable });
    }
  });
});

Deno.test("a link is refused in whatever way it is written, and nothing is made behind it", async () => {
  if (!unix) return;
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/real`, { mode: 0o700 });
    await Deno.symlink(`${folder}/real`, `${folder}/link`);
    await Deno.symlink(`${folder}/nowhere`, `${folder}/dangling`);
    for (const end of ["", "/", "//", "/.", "/./"]) {
      for (const name of ["link", "dangling"]) {
        const path = `${folder}/${name}${end}`;
        await assert.rejects(openOwnFolder(path, { purpose: "keep it", variable }), {
          message: `Cannot keep it in "${path}": it is a link ` +
            "(remove the link, or set TAXI_STATE to a real folder)",
        });
      }
    }
    assert.deepEqual(Array.from(Deno.readDirSync(`${folder}/real`)), []);
    await assert.rejects(Deno.lstat(`${folder}/nowhere`), Deno.errors.NotFound);
  });
});

Deno.test("a folder of somebody else is refused, and one that cannot be looked at is not taken for missing", async () => {
  if (!unix) return;
  await inFolder(async (folder) => {
    // Root may give a folder away; everybody else finds root's.
    const isRoot = Deno.uid() === 0, path = isRoot ? `${folder}/theirs` : "/";
    if (isRoot) {
      await Deno.mkdir(path, { mode: 0o755 });
      await Deno.chown(path, 1234, 1234);
    }
    assert.match(
      (await folderProblem(path, { variable }))!,
      /^it belongs to user \d+, not to you \(set TAXI_STATE to a folder of your own\)$/,
    );
    await Deno.writeTextFile(`${folder}/file`, "");
    assert.match((await folderProblem(`${folder}/file`, { variable }))!, /^it is not a folder/);
    await assert.rejects(folderProblem(`${folder}/file/below`, { variable }));
  });
});

Deno.test("on Windows, where modes say nothing, only links and files are refused", () =>
  inFolder(async (folder) => {
    if (unix) await Deno.chmod(folder, 0o777);
    assert.equal(await folderProblem(folder, { variable, platform: { os: "windows" } }), undefined);
  }));

Deno.test("writeProblem() finds no fault with a folder of ours, nor with one to be made there, and leaves nothing", () =>
  inFolder(async (folder) => {
    for (const one of [folder, `${folder}/new/deep`]) {
      assert.equal(await writeProblem(one, { variable }), undefined);
    }
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("writeProblem() says why a folder cannot be written to, or made", async () => {
  const refuse = (code: string, at = "/a/b") => (path: string) =>
    Promise.reject(
      Object.assign(new Error("no"), { code: path === at ? code : "ENOENT" }),
    );
  const said = (code: string, at?: string) =>
    writeProblem("/a/b", { variable, tryToWrite: refuse(code, at) });
  const fix = "(set TAXI_STATE to a folder of your own)";
  assert.equal(await said("EROFS"), `its disk can only be read ${fix}`);
  assert.equal(await said("EACCES"), `you may not write to it ${fix}`);
  assert.equal(await said("EACCES", "/a"), `you may not make it in "/a" ${fix}`);
  assert.equal(await said("EIO"), `no ${fix}`);
});
