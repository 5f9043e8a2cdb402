import assert from "node:assert/strict";
import {
  end,
  here,
  platform,
  replaceFile,
  type SpawnOptions,
  textOf as text,
  whileBusy,
} from "./mod.ts";

const deno = (code: string, options: Partial<SpawnOptions> = {}) =>
  here.spawn(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    input: "piped",
    output: "piped",
    ...options,
  });

const UNTIL_INPUT_ENDS =
  "for await (const _ of Deno.stdin.readable); console.log('closed'); Deno.exit(7)";
const DEAF = "setInterval(() => {}, 1000); console.log('runs')";

Deno.test("end() closes the input, and a child that listens ends by itself", async () => {
  const child = await deno(UNTIL_INPUT_ENDS);
  const said = text(child.stdout), errors = text(child.stderr);
  assert.deepEqual(await end(child, 60_000), { code: 7, signal: null });
  assert.deepEqual([(await said).trim(), await errors], ["closed", ""]);
});

Deno.test("end() kills a child that does not listen", async () => {
  const child = await deno(DEAF, { output: "null" });
  const { code } = await end(child, 1);
  assert.notEqual(code, 0);
  await end(child, 1);
});

Deno.test("spawn() tells of the end while a grandchild still holds the output open", async () => {
  const grandchild = JSON.stringify(DEAF);
  const child = await deno(
    `const g = new Deno.Command(Deno.execPath(), { args: ["eval", ${grandchild}] }).spawn();
     console.log(g.pid); Deno.exit(3);`,
  );
  const reader = child.stdout.pipeThrough(new TextDecoderStream() as never).getReader();
  const pid = Number((await reader.read()).value);
  assert.equal((await child.exited).code, 3);
  here.kill(pid, "SIGKILL");
  await child.stderr.cancel();
  while (!(await reader.read()).done);
});

Deno.test("spawn() writes both streams to a file that begins empty", () =>
  inFolder(async (folder) => {
    const file = `${folder}/log`;
    await Deno.writeTextFile(file, "of an earlier start, and longer than what comes now");
    const child = await deno("console.log('out'); console.error('err')", { output: { file } });
    assert.equal((await child.exited).code, 0);
    assert.equal(await Deno.readTextFile(file), "out\nerr\n");
  }));

Deno.test("run() gives what a program said, and undefined where there is none", async () => {
  const code = "console.log(Deno.env.get('ONLY')); console.error('err'); Deno.exit(1)";
  const env = { ...Deno.env.toObject(), ONLY: "this" };
  const ended = await here.run(Deno.execPath(), ["eval", code], { env });
  assert.deepEqual(ended, { success: false, output: "this\n", errors: "err\n" });
  assert.equal(await here.run("no-such-program-anywhere", []), undefined);
});

Deno.test("run() lets a program read what it is given, also one that does not read it", async () => {
  const copy = "Deno.stdin.readable.pipeTo(Deno.stdout.writable)";
  const input = "ä\n".repeat(100_000);
  assert.equal((await here.run(Deno.execPath(), ["eval", copy], { input }))?.output, input);
  assert.equal((await here.run(Deno.execPath(), ["eval", "1"], { input }))?.success, true);
});

Deno.test("write() resolves once a child has what was written, and when it has ended", async () => {
  const child = await deno("await Deno.stdin.readable.pipeTo(Deno.stdout.writable)", {
    errors: "null",
  });
  const said = text(child.stdout);
  for (const word of ["one ", "two"]) await child.write(new TextEncoder().encode(word));
  child.closeInput();
  assert.deepEqual([await said, await text(child.stderr)], ["one two", ""]);
  assert.equal((await child.exited).code, 0);
  await child.write(new Uint8Array(9));
});

Deno.test("kill() is false where there is no such process", () => {
  assert.equal(here.kill(2 ** 22 + 1, "SIGKILL"), false);
});

async function inFolder(test: (folder: string) => Promise<void> | void) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A system on which the first renames fail as another program has the file open. */
function scanned(times: number, code = "EBUSY") {
  let left = times;
  return platform("windows", {
    rename: (from, to) => {
      if (left-- > 0) throw Object.assign(new Error("in use"), { code });
      Deno.renameSync(from, to);
    },
  });
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("replaceFile() tries again while another program has the file open", () =>
  inFolder((folder) => {
    replaceFile(`${folder}/a`, "old and longer");
    replaceFile(`${folder}/a`, "new", { platform: scanned(3) });
    assert.equal(Deno.readTextFileSync(`${folder}/a`), "new");
    assert.deepEqual(names(folder), ["a"]);
  }));

Deno.test("replaceFile() writes in place where renaming never works, and leaves no draft", () =>
  inFolder((folder) => {
    for (const code of ["EPERM", "EACCES"]) {
      replaceFile(`${folder}/a`, "old and longer");
      const options = { platform: scanned(Infinity, code), busyForMs: 1 };
      replaceFile(`${folder}/a`, "new", options);
      replaceFile(`${folder}/b`, "first", options);
      assert.equal(Deno.readTextFileSync(`${folder}/a`), "new");
      assert.equal(Deno.readTextFileSync(`${folder}/b`), "first");
    }
    assert.deepEqual(names(folder).sort(), ["a", "b"]);
  }));

Deno.test("replaceFile() does not try again what cannot help", () =>
  inFolder((folder) => {
    assert.throws(() => replaceFile(`${folder}/no/such/folder`, "x"), Deno.errors.NotFound);
  }));

Deno.test("whileBusy() tries again what another program holds, and nothing else", async () => {
  let tries = 0;
  const busyTwice = () => {
    if (++tries < 3) throw new Deno.errors.PermissionDenied("in use");
    return tries;
  };
  assert.equal(await whileBusy(busyTwice), 3);
  const broken = () => Promise.reject(new TypeError(`${++tries}`));
  await assert.rejects(whileBusy(broken), { message: "4" });
});
