import assert from "node:assert/strict";
import { claimFolder, forgetFolders } from "./state_folder.ts";

const unix = Deno.build.os !== "windows";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

const names = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("claimFolder() makes folders for their owner only", () =>
  inFolder(async (folder) => {
    if (!unix) return;
    const { path, release } = await claimFolder(`${folder}/app`);
    release();
    const modes = [`${folder}/app`, path, `${path}/lock`].map((one) => Deno.statSync(one).mode!);
    assert.deepEqual(modes.map((mode) => mode & 0o777), [0o700, 0o700, 0o600]);
  }));

Deno.test("forgetFolders() removes what claimFolder() made, and leaves what somebody put beside it", () =>
  inFolder(async (folder) => {
    for (let n = 0; n < 2; n++) (await claimFolder(folder)).release();
    await Deno.writeTextFile(`${folder}/homework.txt`, "mine");
    await Deno.mkdir(`${folder}/2021`);
    await forgetFolders(folder);
    assert.deepEqual(await names(folder), ["2021", "homework.txt"]);
  }));

Deno.test("forgetFolders() touches no folder that a worker did not make, and follows no link", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/home/1`, { recursive: true });
    await assert.rejects(forgetFolders(`${folder}/home`), {
      message: `Cannot reset "${folder}/home": it does not carry our marker, so its files may be ` +
        "yours (name the folder that a worker wrote, or remove it by hand)",
    });
    if (!unix) return;
    (await claimFolder(`${folder}/real`)).release();
    await Deno.symlink(`${folder}/real`, `${folder}/link`);
    for (const link of ["link", "link/", "link/."]) {
      await assert.rejects(forgetFolders(`${folder}/${link}`), /does not carry our marker/, link);
    }
    await Deno.symlink(`${folder}/home`, `${folder}/real/7`);
    await forgetFolders(`${folder}/real`);
    assert.deepEqual(await names(folder), ["home", "link", "real"]);
    assert.deepEqual(await names(`${folder}/home`), ["1"]);
  }));
