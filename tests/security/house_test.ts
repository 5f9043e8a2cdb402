/** What the source itself must keep to: no shell, least rights, everything pinned. */
import assert from "node:assert/strict";

interface Source {
  readonly path: string;
  readonly text: string;
}

/** What runs on a learner's machine; tests and benches are run by people who work on the project. */
async function product(endings: RegExp): Promise<Source[]> {
  const found: Source[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory && name !== "vendor") await walk(path);
      else if (endings.test(name) && !name.includes("_test.")) {
        found.push({ path, text: await Deno.readTextFile(path) });
      }
    }
  };
  for (const folder of ["lib", "apps", "tasks", "notebooks"]) await walk(folder);
  return found;
}

const code = await product(/\.(ts|js|py)$/);
const withoutComments = (text: string) => text.replace(/^\s*(\*|\/\/|\/\*|#).*$/gm, "");

function matches(pattern: RegExp): string[] {
  return code.flatMap(({ path, text }) =>
    [...withoutComments(text).matchAll(pattern)].map(([found]) => `${path}: ${found}`)
  );
}

Deno.test("the product starts programs with argument lists and never through a shell", () => {
  assert.deepEqual(
    matches(/shell\s*[:=]\s*(true|True)|os\.(system|popen)|create_subprocess_shell/g),
    [],
  );
  // One place, and of that module only what takes a list of arguments.
  assert.deepEqual(matches(/.*child_process"/g), [
    'lib/platform/children.ts: import { spawn as nodeSpawn } from "node:child_process"',
  ]);
  assert.deepEqual(
    matches(/Command\(\s*["'`](sh|bash|zsh|cmd|cmd\.exe)["'`]|["'`](\/c|-c)["'`],\s*`[^`]*\$\{/g),
    [],
  );
  // PowerShell's two lines take numbers and nothing else.
  const scripts = matches(/"-Command",\s*`[^`]*`/g);
  assert.deepEqual(
    scripts.flatMap((one) => [...one.matchAll(/\$\{([^}]*)\}/g)].map(([, what]) => what)).sort(),
    ["Number(pid)", "pids.map(Number).join()"],
  );
});

Deno.test("the product runs no text as code", () => {
  // Python's exec stands alone; with a dot before it, it is a pattern's or a database's.
  const running = /\beval\(|new Function\(|["']node:vm["']|(?<![.\w])exec\(|pickle|\byaml\.load\(/g;
  assert.deepEqual(matches(running), []);
});

/** Why a task has all rights. Deno lets nobody else look into /proc, where Linux says which process is still ours. */
const ALL: Readonly<Record<string, string>> = {
  lab: "starts brokers, JupyterLab and its kernels, and ends what it started",
  course: "starts brokers and notebooks, and ends them",
  grade: "starts brokers and learners' notebooks, and ends them",
  up: "starts brokers, registry and Control Center",
  down: "ends exactly the processes of the state file",
  status: "looks whether the processes of the state file are ours",
  doctor: "asks Java, Python and Docker for their versions, and looks at processes",
  reset: "ends the cluster before it deletes",
  pack: "starts pip and uv for another system",
  picture: "starts a cluster, JupyterLab and a browser",
  test: "starts clusters, browsers and every other task",
  check: "starts deno, and looks at processes in unit tests",
  bench: "starts clusters and other libraries' programs",
  chaos: "starts, stops and kills clusters",
};

/** What the others may do. */
const ASKS = ["env", "net", "read", "sys"];
const SOME: Readonly<Record<string, readonly string[]>> = {
  ...{ producer: ASKS, consumer: ASKS, "avro-producer": ASKS, "avro-consumer": ASKS, rides: ASKS },
  "control-center": ASKS,
  // Tables on disk, wherever --state-dir puts them.
  worker: [...ASKS, "write"],
  // Asks the workers of an application for rows.
  query: ASKS,
  // Cards for Anki, wherever --anki puts them.
  quiz: ["env", "read", "write"],
  "restore-notebook": ["env", "read", "write=notebooks"],
  sample: ["env", "read", "write=data"],
  // Scenarios that differ, and Kafka Streams for Java, which runs random ones.
  conformance: ["env", "read", "run=mvn,java", "write"],
  fuzz: ["env", "read", "sys", "write"],
  // Deno writes the pages.
  reference: ["env", "read", "run", "write"],
  "vendor-page": ["env", "read", "run", "write=lib/control_center/page/vendor"],
  wheels: ["env", "read", "run=uv", "write=lib/python/wheels.sha256"],
  "upgrade-deps": ["env", "read", "run"],
};

Deno.test("each task has the rights that are listed here, and no others", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json")) as {
    tasks: Record<string, string>;
  };
  const rights = Object.entries(tasks).map(([name, command]) => {
    const [, flags] = command.match(/^deno run ((?:-\S+ )+)tasks\/\w+\.ts$/) ?? [];
    assert.ok(flags, `${name}: ${command}`);
    if (/^-A (--lock=tests\/deno\.lock )?$/.test(flags)) return [name, "all"];
    const allowed = flags.trim().split(" ").map((flag) => flag.replace(/^--allow-/, ""));
    return [name, allowed.sort()];
  });
  const all = Object.fromEntries(Object.keys(ALL).map((name) => [name, "all"]));
  assert.deepEqual(Object.fromEntries(rights), { ...all, ...SOME });
});

Deno.test("the supervisor starts the Control Center with the rights of its task", async () => {
  const text = await Deno.readTextFile("lib/cluster/supervisor/control_center_service.ts");
  assert.deepEqual(text.match(/--allow-[a-z-]+|"-A"/g), [
    "--allow-net",
    "--allow-env",
    "--allow-read",
    "--allow-sys",
  ]);
});

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity?: string }>>;
}

const lockIn = async (path: string) => JSON.parse(await Deno.readTextFile(path)) as Lock;

Deno.test("every npm package is one version, locked with its hash, and comes from npm alone", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json")) as {
    imports: Record<string, string>;
  };
  const lock = await lockIn("deno.lock"), tests = await lockIn("tests/deno.lock");
  const wanted = new Set<string>();
  for (const [name, target] of Object.entries(imports)) {
    if (name === "lib/") continue;
    const [, named, version] =
      target.match(/^npm:\/?((?:@[^/]+\/)?[^@/]+)@(\d+\.\d+\.\d+)(\/|$)/) ??
        assert.fail(`${target} names no single version`);
    wanted.add(`npm:${named}@${version}`);
  }
  // Learners download what deno.lock lists: packages that only tests and benchmarks import stay out of it.
  assert.deepEqual(Object.keys(lock.specifiers).sort(), [...wanted].sort());
  for (const [name, locked] of Object.entries(lock.npm)) {
    assert.deepEqual(tests.npm[name], locked, `${name} differs in the two lock files`);
  }
  for (const [name, { integrity }] of Object.entries(tests.npm)) {
    assert.match(integrity ?? "", /^sha512-/, name);
  }
  const others = matches(/(from|import)\s*\(?\s*["'](https?:|jsr:|data:)[^"']*/g);
  assert.deepEqual(others, []);
});

Deno.test("every Python package is one version with its hashes, and none builds itself", async () => {
  const files = [
    "lib/lab/requirements.txt",
    "lib/python/uv.requirements.txt",
    "lib/cluster/java.requirements.txt",
  ];
  for (const file of files) {
    const text = (await Deno.readTextFile(file)).replaceAll(/\\\n/g, " ");
    const lines = text.split("\n").filter((line) => /^\S/.test(line) && !line.startsWith("#"));
    assert.ok(lines.length > 0, file);
    for (const line of lines) {
      assert.match(line, /^[a-z0-9._-]+==\S+.*--hash=sha256:[0-9a-f]{64}/i, `${file}: ${line}`);
    }
  }
  const text = await Deno.readTextFile("lib/python/environment.ts");
  assert.match(text, /"--require-hashes", "--only-binary=:all:"/);
});

Deno.test("the threat model names tests that exist", async () => {
  const text = await Deno.readTextFile("tests/security/README.md");
  const named = [...text.matchAll(/`([\w/]+\.ts)`/g)].map(([, path]) => path!);
  assert.ok(named.length > 20);
  const isThere = (path: string) => Deno.stat(path).then(({ isFile }) => isFile, () => false);
  for (const path of new Set(named)) {
    const places = [path, `tests/${path}`];
    assert.ok((await Promise.all(places.map(isThere))).some(Boolean), path);
  }
});
