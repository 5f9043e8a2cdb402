import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { create } from "tar";
import {
  courseOf,
  manifestText,
  type NpmPackage,
  offlineEnvironment,
  openPack,
  type PackPlatform,
  unpack,
} from "./mod.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

async function write(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${path}`, bytes);
  }
}

/** An archive of these files, in their order. */
async function tarOf(files: Files, gzip = false): Promise<Uint8Array> {
  const folder = await Deno.makeTempDir();
  await write(folder, files);
  const file = `${folder}/archive`;
  await create({ file, cwd: folder, gzip, portable: true }, Object.keys(files));
  const bytes = await Deno.readFile(file);
  await Deno.remove(folder, { recursive: true });
  return bytes;
}

const digest = (algorithm: string, content: string | Uint8Array) =>
  createHash(algorithm).update(content);

const TGZ = await tarOf({ "package/package.json": "{}", "package/lib/deep/a.js": "1" }, true);

const CONTENT: Files = {
  "jars/kafka-1.jar": "kafka",
  "npm/@one+tiny-1.0.0.tgz": TGZ,
  "wheels/a_b-1-py3-none-any.whl": "wheel",
};

/** A pack of these files whose list is right, but for what the test says otherwise. */
function packOf(told: {
  readonly content?: Files;
  readonly listed?: Files;
  /** How many bytes the list says that each file has. */
  readonly listedBytes?: number;
  readonly platform?: PackPlatform;
  readonly course?: string;
} = {}): Promise<Uint8Array> {
  const { content = CONTENT, listed = content, platform = "linux-x64", course = "c" } = told;
  const files = Object.entries(listed).map(([path, bytes]) => ({
    path,
    bytes: told.listedBytes ?? bytes.length,
    sha256: digest("sha256", bytes).digest("hex"),
  }));
  return tarOf({ "manifest.json": manifestText({ platform, course, files }), ...content });
}

/** A cache, and the one package that the lock file names. */
async function inPlaces(
  test: (places: {
    readonly cache: string;
    readonly tiny: NpmPackage;
    readonly start: (pack: Uint8Array, packages?: readonly NpmPackage[]) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir(), cache = `${folder}/cache`;
  const tiny = {
    name: "@one/tiny",
    version: "1.0.0",
    integrity: `sha512-${digest("sha512", TGZ).digest("base64")}`,
    registryUrl: "http://registry/",
    folder: `${folder}/deno/npm/@one/tiny/1.0.0`,
  };
  await Deno.mkdir(`${folder}/deno`);
  const start = (pack: Uint8Array, packages: readonly NpmPackage[] = [tiny]) =>
    unpack("taxi.tar", inPieces(pack), { cache, packages, platform: "linux-x64", course: "c" });
  await test({ cache, tiny, start }).finally(() => Deno.remove(folder, { recursive: true }));
}

/** As a network brings it: cut anywhere. */
async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 777) {
    yield await Promise.resolve(bytes.subarray(at, at + 777));
  }
}

function filesBelow(folder: string, from = folder): string[] {
  return Array.from(Deno.readDirSync(folder)).flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(`${folder}/${name}`, from)
      : [`${folder}/${name}`.slice(from.length + 1)]
  ).sort();
}

Deno.test("unpack() puts each file where a start looks, and leaves nothing half", () =>
  inPlaces(async ({ cache, tiny, start }) => {
    for (let n = 0; n < 2; n++) await start(await packOf());
    assert.deepEqual(filesBelow(cache), ["jars/kafka-1.jar", "wheels/a_b-1-py3-none-any.whl"]);
    assert.equal(await Deno.readTextFile(`${cache}/jars/kafka-1.jar`), "kafka");
    assert.deepEqual(filesBelow(tiny.folder), ["lib/deep/a.js", "package.json"]);
    const said = JSON.parse(await Deno.readTextFile(`${tiny.folder}/../registry.json`));
    assert.deepEqual(said.versions["1.0.0"], {
      version: "1.0.0",
      dist: { tarball: "http://registry/@one/tiny/-/tiny-1.0.0.tgz", integrity: tiny.integrity },
    });
  }));

const flipped = (bytes: Uint8Array, word: string) => {
  const at = new TextDecoder("latin1").decode(bytes).indexOf(word);
  assert.ok(at > 0);
  return bytes.map((byte, n) => n === at ? byte ^ 1 : byte);
};
const whole = await packOf();
const jarOnly = { "jars/kafka-1.jar": "kafka" };

/** What is wrong with a pack, and the one line that is said of it. */
const REFUSED: Readonly<Record<string, readonly [pack: Uint8Array, says: string]>> = {
  "a changed byte": [
    flipped(whole, "kafka\0"),
    '"jars/kafka-1.jar" was changed on its way (get the pack once more)',
  ],
  "a file larger than its list says, though its hash is right": [
    await packOf({ content: jarOnly, listedBytes: 4 }),
    '"jars/kafka-1.jar" was changed on its way (get the pack once more)',
  ],
  "half of it": [
    (await packOf({ content: { "jars/kafka-1.jar": "k".repeat(5_000) } })).subarray(0, 5_000),
    'it ends in the middle of "jars/kafka-1.jar" (get the pack once more)',
  ],
  "half of it, between two files": [
    await packOf({ content: jarOnly, listed: CONTENT }),
    'it ends before "npm/@one+tiny-1.0.0.tgz" (get the pack once more)',
  ],
  "another system": [
    await packOf({ platform: "windows-x64" }),
    "it is for windows-x64, and this is linux-x64 " +
    '(make one with "deno task pack FILE --platform linux-x64")',
  ],
  "another version of the course": [
    await packOf({ course: "d" }),
    "it was made for another version of this course (make one in this checkout)",
  ],
  "a file that is not in its list": [
    await packOf({ content: { "jars/other.jar": "x", ...CONTENT }, listed: CONTENT }),
    '"jars/other.jar" is not in its list (get the pack once more)',
  ],
  "no packages": [
    await packOf({ content: jarOnly }),
    'it lacks "npm/@one+tiny-1.0.0.tgz" (get the pack once more)',
  ],
  "a package that the lock file does not name": [
    await packOf({ content: { ...CONTENT, "npm/@one+tiny-1.0.0.tgz": "evil" } }),
    '"npm/@one+tiny-1.0.0.tgz" is not what deno.lock names (make it in a checkout of your own)',
  ],
  "a path that leads outside": [
    await packOf({ listed: { "jars/../../evil": "x" } }),
    'it is not a pack (make one with "deno task pack FILE")',
  ],
  "another archive": [
    await tarOf(jarOnly),
    'it is not a pack (make one with "deno task pack FILE")',
  ],
  "no archive": [
    new TextEncoder().encode("<html>".repeat(500)),
    'it is not a pack (make one with "deno task pack FILE")',
  ],
  "an empty file": [new Uint8Array(0), "it is empty (get the pack once more)"],
};

for (const [what, [pack, says]] of Object.entries(REFUSED)) {
  Deno.test(`unpack() refuses ${what} in one line, and nothing of it stays`, () =>
    inPlaces(async ({ cache, tiny, start }) => {
      await assert.rejects(start(pack), { message: `Cannot start from "taxi.tar": ${says}` });
      assert.deepEqual(filesBelow(cache), []);
      await assert.rejects(Deno.stat(tiny.folder), Deno.errors.NotFound);
    }));
}

Deno.test("courseOf() is the same for one checkout, and changes with any lock file", async () => {
  const folder = await Deno.makeTempDir();
  const locks = [
    "deno.lock",
    "lib/cluster/artifacts.lock.json",
    "lib/cluster/java.requirements.txt",
    "lib/lab/requirements.txt",
    "lib/python/uv.requirements.txt",
  ];
  await write(folder, Object.fromEntries(locks.map((path) => [path, "a"])));
  const words = [await courseOf(folder), await courseOf(folder)];
  assert.equal(words[0], words[1]);
  for (const path of locks) {
    await Deno.writeTextFile(`${folder}/${path}`, "b");
    words.push(await courseOf(folder));
  }
  assert.equal(new Set(words).size, 1 + locks.length);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("offlineEnvironment() names the wheels so that a space in the path does not cut it", () => {
  const { PIP_FIND_LINKS, UV_FIND_LINKS } = offlineEnvironment("/home/ada/Taxi Kurs");
  assert.equal(PIP_FIND_LINKS, "file:///home/ada/Taxi%20Kurs/wheels");
  assert.equal(UV_FIND_LINKS, PIP_FIND_LINKS);
});

Deno.test("openPack() shows no login of an address that it cannot start from", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  const host = `127.0.0.1:${closed.addr.port}`;
  for (const login of ["ada:m4rker@", "ada:m4/rker@", "ada:m4#rker@"]) {
    await assert.rejects(openPack(`http://${login}${host}/pack.tar?key=m4rker`), ({ message }) => {
      assert.match(message, /^Cannot start from "http:\/\/…@127\.0\.0\.1:\d+\/pack\.tar": /);
      assert.doesNotMatch(message, /m4|rker/);
      return true;
    });
  }
});
