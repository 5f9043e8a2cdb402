import assert from "node:assert/strict";
import { platform } from "../../platform/mod.ts";
import { windowsFolderFault } from "./windows_folders.ts";

const at = (root: string, cache = "C:/Users/ada/AppData/Local/taxi-streams") => ({
  root,
  state: `${root}/.taxi`,
  cache,
});

/** A Windows with these variables, with long paths on or off. */
function windows(variables: Readonly<Record<string, string>> = {}, longPaths = false) {
  const output = `    LongPathsEnabled    REG_DWORD    0x${longPaths ? 1 : 0}\r\n`;
  return platform("windows", {
    env: { get: (name) => variables[name], toObject: () => ({ ...variables }) },
    run: () => Promise.resolve({ success: true, output, errors: "" }),
  });
}

Deno.test("windowsFolderFault() is null for a folder of any user whose letters Java is not told", async () => {
  for (const user of ["ada", "Müller", "Łukasz", "王"]) {
    const home = `C:/Users/${user}`;
    const where = at(`${home}/Taxi Kurs`, `${home}/AppData/Local/taxi-streams`);
    assert.equal(await windowsFolderFault(where, windows()), null, user);
  }
});

Deno.test("windowsFolderFault() names a path whose letters Java would be told", async () => {
  const fault = await windowsFolderFault(
    at("D:/kurs", "C:/Users/王/AppData/Local/taxi"),
    windows(),
  );
  assert.equal(
    fault?.says,
    'Java may not find "C:\\Users\\王\\AppData\\Local\\taxi\\jars", for the letters in its name',
  );
});

Deno.test("windowsFolderFault() finds a course that OneDrive copies, in one of its folders and not beside it", async () => {
  const oneDrive = { OneDriveConsumer: "C:\\Users\\ada\\OneDrive" };
  const fault = await windowsFolderFault(
    at("c:/users/ada/onedrive/Documents/taxi"),
    windows(oneDrive),
  );
  assert.match(fault!.says, /^"c:.*taxi" is in OneDrive/);
  for (const root of ["C:/Users/ada/OneDriveOld/taxi", "C:/Users/ada/taxi", "D:/taxi"]) {
    assert.equal(await windowsFolderFault(at(root), windows(oneDrive)), null, root);
  }
});

Deno.test("windowsFolderFault() counts the letters of a path where long paths are off", async () => {
  const deep = at(`C:/${"a".repeat(97)}`), fits = at(`C:/${"a".repeat(95)}`);
  const says = "the path of the course has 100 characters, at most 98 leave room for its files";
  assert.equal((await windowsFolderFault(deep, windows()))?.says, says);
  assert.equal(await windowsFolderFault(deep, windows({}, true)), null);
  assert.equal(await windowsFolderFault(fits, windows()), null);
});
