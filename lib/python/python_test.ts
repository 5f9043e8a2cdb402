import assert from "node:assert/strict";
import { basename } from "node:path";
import { type Ended, findPython, pythonEnvironment, type Run } from "./mod.ts";
import type { FetchFiles } from "../downloads/mod.ts";
import { platform } from "../platform/mod.ts";
import { installFailure } from "./routes.ts";

const ok: Ended = { success: true, output: "", errors: "" };
const python = (version: string, can = { venv: true, pip: true }): Ended => ({
  ...ok,
  output: `a shim's own words\n${JSON.stringify({ command: "/usr/bin/python3", version, ...can })}`,
});

/** Answers like a machine with these programs; writes down what was run. */
function machine(programs: Record<string, (args: readonly string[]) => Ended>) {
  const ran: string[] = [];
  const run: Run = async (command, args) => {
    const name = basename(command, ".exe");
    if (args[0] !== "-c" && args[0] !== "--version") {
      ran.push(`${name} ${args.slice(0, 3).join(" ")}`);
    }
    const made = args.includes("venv") ? args.at(-1)! : undefined;
    const ended = programs[name]?.(args);
    if (made && ended?.success) {
      await Deno.mkdir(`${made}/bin`, { recursive: true });
      await Deno.mkdir(`${made}/Scripts`, { recursive: true });
      await Deno.writeTextFile(`${made}/bin/python`, "");
      await Deno.writeTextFile(`${made}/Scripts/python.exe`, "");
    }
    return ended;
  };
  return { ran, run };
}

interface Asked {
  readonly folder: string;
  readonly requirements: string;
  readonly cache: string;
}

async function inFolder(test: (asked: Asked) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/r.txt`, "one==1 --hash=sha256:00");
  await test({ folder: `${folder}/env`, requirements: `${folder}/r.txt`, cache: `${folder}/cache` })
    .finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("findPython() says which Python is too old and how to get a newer one", async () => {
  const { run } = machine({ python3: () => python("3.9.6") });
  await assert.rejects(findPython(run), {
    message: /^Cannot find Python 3.10 or newer: only Python 3.9.6 at \/usr\/bin\/python3 \(/,
  });
});

Deno.test("findPython() leaves Apple's stub alone where no developer tools are installed", async () => {
  const tried: string[] = [];
  const onMac = (tools: boolean) =>
    findPython(
      (command) => {
        if (command === "xcode-select") return Promise.resolve({ ...ok, success: tools });
        tried.push(command);
        return Promise.resolve(command.endsWith("python3") ? python("3.13.1") : undefined);
      },
      platform("darwin", {
        env: { get: () => "/usr/bin:/opt/homebrew/bin", toObject: () => ({}) },
      }),
    );
  assert.equal((await onMac(false)).version, "3.13.1");
  assert.deepEqual(tried.splice(0), ["/opt/homebrew/bin/python3"]);
  await onMac(true);
  assert.deepEqual(tried, ["python3"]);
});

Deno.test("findPython() says so where there is no Python at all", async () => {
  await assert.rejects(findPython(machine({}).run), {
    message: /^Cannot find Python 3.10 or newer: no python3 on the search path \(/,
  });
});

Deno.test("pythonEnvironment() finds the programs of an environment where Windows keeps them", () =>
  inFolder(async (asked) => {
    const { ran, run } = machine({ python3: () => python("3.13.1"), python: () => ok });
    const made = await pythonEnvironment({ ...asked, run, platform: platform("windows") });
    assert.equal(made.python, `${asked.folder}/Scripts/python.exe`);
    assert.equal(ran.length, 2);
    await assert.rejects(findPython(machine({}).run, platform("windows")), {
      message: /\(run "winget install Python\.Python\.3\.13"\)$/,
    });
  }));

Deno.test("pythonEnvironment() makes the environment once, and again when the requirements change", () =>
  inFolder(async (asked) => {
    const { ran, run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    const first = await pythonEnvironment({ ...asked, run });
    assert.equal(ran.length, 2);
    assert.deepEqual(await pythonEnvironment({ ...asked, run }), first);
    assert.equal(ran.length, 2);
    await Deno.writeTextFile(asked.requirements, "one==2 --hash=sha256:00");
    await pythonEnvironment({ ...asked, run });
    assert.equal(ran.length, 4);
  }));

Deno.test("pythonEnvironment() remakes an environment that was left half-made", () =>
  inFolder(async (asked) => {
    await Deno.mkdir(`${asked.folder}/bin`, { recursive: true });
    await Deno.writeTextFile(`${asked.folder}/bin/half`, "");
    const { run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    await pythonEnvironment({ ...asked, run });
    await assert.rejects(Deno.stat(`${asked.folder}/bin/half`), Deno.errors.NotFound);
  }));

Deno.test("pythonEnvironment() makes it once when two ask at the same time", () =>
  inFolder(async (asked) => {
    const { ran, run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    await Promise.all([1, 2].map(() => pythonEnvironment({ ...asked, run })));
    assert.equal(ran.length, 2);
  }));

Deno.test("pythonEnvironment() falls back to a uv that pip fetches where venv is broken", () =>
  inFolder(async (asked) => {
    const { ran, run } = machine({
      python3: (args) =>
        args.includes("venv") ? { success: false, output: "", errors: "error" } : python("3.11.2"),
      uv: (args) => args[0] === "--version" ? { ...ok, success: false } : ok,
    });
    await pythonEnvironment({ ...asked, run });
    assert.deepEqual(ran, [
      `python3 -m venv ${asked.folder}`,
      "python3 -m pip install",
      "uv venv --quiet --python",
      "uv pip install --quiet",
    ]);
  }));

Deno.test("pythonEnvironment() fetches a pip where Python has neither venv nor pip, and believes no other file", () =>
  inFolder(async (asked) => {
    const { ran, run } = machine({
      python3: () => python("3.11.2", { venv: false, pip: false }),
      uv: (args) => args[0] === "--version" ? { ...ok, success: false } : ok,
    });
    const fetched: string[] = [];
    const fetch: FetchFiles = (orders, on) => {
      for (const order of orders) {
        fetched.push(order.coordinate);
        on.failed(order, "getaddrinfo ENOTFOUND");
      }
      return Promise.resolve();
    };
    await assert.rejects(pythonEnvironment({ ...asked, run, fetch }), {
      message:
        'Cannot download "org.bytedeco:cpython:jar:windows-x86_64:3.13.5-1.5.12": no network ' +
        "answer (connect once, then run this again; what has arrived is kept, and later it works offline)",
    });
    assert.deepEqual([ran, new Set(fetched).size], [[], 1]);
  }));

Deno.test("pythonEnvironment() uses the uv that an earlier environment fetched", () =>
  inFolder(async (asked) => {
    const uv = (await Deno.readTextFile("lib/python/uv.requirements.txt")).match(/^uv==(\S+)/m)![1];
    const { ran, run } = machine({
      python3: () => python("3.11.2", { venv: false, pip: false }),
      uv: (args) => args[0] !== "--version" ? ok : { ...ok, output: `uv ${uv} (x86_64)` },
    });
    const onlyFetched: Run = (command, args) =>
      command === "uv" ? Promise.resolve(undefined) : run(command, args);
    await pythonEnvironment({ ...asked, run: onlyFetched });
    assert.deepEqual(ran, ["uv venv --quiet --python", "uv pip install --quiet"]);
  }));

Deno.test("pythonEnvironment() from a pack takes its uv before pip, and has it ask no index", () =>
  inFolder(async (asked) => {
    const calls: (readonly string[])[] = [];
    const { run } = machine({
      python3: () => python("3.11.2"),
      uv: (args) => args[0] === "--version" ? { ...ok, success: false } : ok,
    });
    await pythonEnvironment({
      ...asked,
      run: (command, args) => {
        calls.push(args);
        return run(command, args);
      },
      platform: platform("linux", {
        env: { get: (name) => name === "PIP_NO_INDEX" ? "1" : undefined, toObject: () => ({}) },
      }),
    });
    const installs = calls.filter((args) => args.includes("install"));
    assert.deepEqual(installs.map((args) => [args.includes("-m"), args.includes("--no-index")]), [
      [true, false],
      [false, true],
    ]);
    assert.ok(!calls.some((args) => args[0] === "-m" && args[1] === "venv"));
  }));

Deno.test("installFailure() knows a changed download and a full disk", () => {
  const said = (errors: string) => installFailure({ success: false, output: "", errors });
  assert.match(
    said("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM"),
    /not the file this project names/,
  );
  assert.match(said("OSError: [Errno 28] No space left on device"), /disk is full/);
  assert.match(said("one\nERROR: something odd\n"), /ERROR: something odd/);
});
