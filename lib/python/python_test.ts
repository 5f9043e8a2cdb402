import assert from "node:assert/strict";
import { basename } from "node:path";
import { type Ended, findPython, pythonEnvironment, type Run } from "./mod.ts";
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

async function inFolder(test: (folder: string, requirements: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/r.txt`, "one==1 --hash=sha256:00");
  await test(`${folder}/env`, `${folder}/r.txt`).finally(() =>
    Deno.remove(folder, { recursive: true })
  );
}

Deno.test("findPython() says which Python is too old and how to get a newer one", async () => {
  const { run } = machine({ python3: () => python("3.9.6") });
  await assert.rejects(findPython(run), {
    message: /^Cannot find Python 3.10 or newer: only Python 3.9.6 at \/usr\/bin\/python3 \(/,
  });
});

Deno.test("findPython() says so where there is no Python at all", async () => {
  await assert.rejects(findPython(machine({}).run), {
    message: /^Cannot find Python 3.10 or newer: no python3 on the search path \(/,
  });
});

Deno.test("pythonEnvironment() makes the environment once, and again when the requirements change", () =>
  inFolder(async (folder, requirements) => {
    const { ran, run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    const first = await pythonEnvironment({ folder, requirements, run });
    assert.equal(ran.length, 2);
    assert.deepEqual(await pythonEnvironment({ folder, requirements, run }), first);
    assert.equal(ran.length, 2);
    await Deno.writeTextFile(requirements, "one==2 --hash=sha256:00");
    await pythonEnvironment({ folder, requirements, run });
    assert.equal(ran.length, 4);
  }));

Deno.test("pythonEnvironment() remakes an environment that was left half-made", () =>
  inFolder(async (folder, requirements) => {
    await Deno.mkdir(`${folder}/bin`, { recursive: true });
    await Deno.writeTextFile(`${folder}/bin/half`, "");
    const { run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    await pythonEnvironment({ folder, requirements, run });
    await assert.rejects(Deno.stat(`${folder}/bin/half`), Deno.errors.NotFound);
  }));

Deno.test("pythonEnvironment() makes it once when two ask at the same time", () =>
  inFolder(async (folder, requirements) => {
    const { ran, run } = machine({ python3: () => python("3.11.2"), python: () => ok });
    await Promise.all([1, 2].map(() => pythonEnvironment({ folder, requirements, run })));
    assert.equal(ran.length, 2);
  }));

Deno.test("pythonEnvironment() falls back to a uv that pip fetches where venv is broken", () =>
  inFolder(async (folder, requirements) => {
    const { ran, run } = machine({
      python3: (args) =>
        args.includes("venv") ? { success: false, output: "", errors: "error" } : python("3.11.2"),
      uv: (args) => args[0] === "--version" ? { ...ok, success: false } : ok,
    });
    await pythonEnvironment({ folder, requirements, run });
    assert.deepEqual(ran, [
      `python3 -m venv ${folder}`,
      "python3 -m pip install",
      "uv venv --quiet --python",
      "uv pip install --quiet",
    ]);
  }));

Deno.test("pythonEnvironment() says what is missing where Python has neither venv nor pip", () =>
  inFolder(async (folder, requirements) => {
    const { run } = machine({ python3: () => python("3.11.2", { venv: false, pip: false }) });
    await assert.rejects(pythonEnvironment({ folder, requirements, run }), {
      message:
        "Cannot make a Python environment: Python 3.11.2 at /usr/bin/python3 has neither venv nor " +
        'pip (Debian, Ubuntu: run "sudo apt install python3-venv")',
    });
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
