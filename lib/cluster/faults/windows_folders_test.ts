import assert from "node:assert/strict";
import { type Platform, platform } from "../../platform/mod.ts";
import { nameForJava, windowsFolderFault } from "./windows_folders.ts";

const at = (root: string, cache = "C:/Users/ada/AppData/Local/taxi-streams") => ({
  root,
  state: `${root}/.taxi`,
  venv: `${root}/.venv`,
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

Deno.test("windowsFolderFault() finds a state folder that OneDrive copies; a course may be copied", async () => {
  const oneDrive = windows({ OneDriveConsumer: "C:\\Users\\ada\\OneDrive" });
  const synced = at("c:/users/ada/onedrive/Documents/taxi");
  const fault = await windowsFolderFault(synced, oneDrive);
  assert.match(fault!.says, /^"c:.*taxi" is in OneDrive/);
  assert.equal(fault!.fix, "unset TAXI_STATE, or name a folder elsewhere");
  const elsewhere = { ...synced, state: "C:/Users/ada/AppData/Local/x/.taxi" };
  assert.equal(await windowsFolderFault(elsewhere, oneDrive), null);
});

/** A fake Windows that answers this when a folder's short name is asked for; it keeps what was asked. */
function shortNames(output: string) {
  const asked: unknown[] = [];
  const run: Platform["run"] = (command, args, { cwd } = {}) => {
    asked.push([command, ...args, cwd]);
    return Promise.resolve({ success: true, output, errors: "" });
  };
  return { os: "windows" as const, run, asked };
}

Deno.test("nameForJava() gives the short name of a folder whose letters Java cannot be told", async () => {
  const folder = "C:/Users/王/AppData/Local/taxi-streams/java";
  const short = shortNames("C:\\Users\\1F3E~1\\AppData\\Local\\TAXI-S~1\\java\r\n");
  assert.equal(await nameForJava(folder, short), "C:/Users/1F3E~1/AppData/Local/TAXI-S~1/java");
  assert.deepEqual(short.asked, [["cmd", "/d", "/c", "for %I in (.) do @echo %~fsI", folder]]);
  // Where a drive keeps none, the long one comes back, with ? for what the console cannot write.
  for (const none of ["C:\\Users\\?\\java\r\n", "C:\\Users\\王\\java\r\n", ""]) {
    assert.equal(await nameForJava(folder, shortNames(none)), null, none);
  }
});

Deno.test("nameForJava() asks nothing where the letters will do, or on another system", async () => {
  const never = shortNames("");
  assert.equal(await nameForJava("C:/Users/Müller/java", never), "C:/Users/Müller/java");
  assert.equal(await nameForJava("/home/王/java", { ...never, os: "linux" }), "/home/王/java");
  assert.deepEqual(never.asked, []);
});

Deno.test("windowsFolderFault() names a Java that cannot start where it lies", async () => {
  const cache = await Deno.makeTempDir({ prefix: "王" });
  await Deno.mkdir(`${cache}/java`);
  const where = { ...at("C:/kurs"), state: `${cache}/state`, cache };
  const { run } = shortNames("");
  const fault = await windowsFolderFault(where, platform("windows", { ...windows(), run }));
  assert.equal(
    fault?.says,
    `Java may not start in "${cache}/java", for the letters in its name`,
  );
  await Deno.remove(cache, { recursive: true });
});

Deno.test("windowsFolderFault() counts the letters of a path where long paths are off", async () => {
  const deep = at(`C:/${"a".repeat(97)}`), fits = at(`C:/${"a".repeat(95)}`);
  const says = "the path of the course has 100 characters, at most 98 leave room for its files";
  assert.equal((await windowsFolderFault(deep, windows()))?.says, says);
  assert.equal(await windowsFolderFault(deep, windows({}, true)), null);
  assert.equal(await windowsFolderFault(fits, windows()), null);
});
