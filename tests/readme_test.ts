import assert from "node:assert/strict";

const readme = await Deno.readTextFile("README.md");
const { tasks } = JSON.parse(await Deno.readTextFile("deno.json")) as {
  tasks: Record<string, string>;
};
const shell = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!).join("");
const commands = [...shell.matchAll(/^(?:npx -y deno@[\d.]+|deno) task (\S+)([^#\n]*)/gm)]
  .map(([, task, flags]) => ({ task: task!, flags: flags!.match(/--[a-z-]+/g) ?? [] }));

Deno.test("README names only tasks that exist", () => {
  assert.ok(commands.length >= 10);
  assert.deepEqual(commands.map(({ task }) => task).filter((task) => !(task in tasks)), []);
});

Deno.test("README uses only flags that its tasks know", async () => {
  for (const { task, flags } of commands.filter(({ flags }) => flags.length > 0)) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [...tasks[task]!.split(" ").slice(1), "--help"],
    }).output();
    const help = new TextDecoder().decode(stdout);
    for (const flag of flags) assert.ok(help.includes(flag), `deno task ${task} ${flag}`);
  }
});

/** A line for a POSIX shell as PowerShell wants it: no script named npx, variables of its own. */
function inPowerShell(line: string): string {
  const code = line.replace(/\s+#.*$/, "");
  const variables = code.match(/^export (.*)/)?.[1]?.split(" ") ?? [];
  if (variables.length === 0) return code.replace(/^npx /, "npx.cmd ");
  return variables.map((one) => `$env:${one.replace("=", '="')}"`).join("; ");
}

Deno.test("README gives a block of its own for PowerShell wherever a command differs there", () => {
  const blocks = [...readme.matchAll(/```(sh|powershell)\n([\s\S]*?)```/g)]
    .map(([, language, block]) => ({ language, lines: block!.trim().split("\n") }));
  let twins = 0;
  for (const [i, { language, lines }] of blocks.entries()) {
    if (language !== "sh") continue;
    const wanted = lines.map(inPowerShell);
    const differs = lines.some((line, n) => line.replace(/\s+#.*$/, "") !== wanted[n]);
    if (!differs) continue;
    twins++;
    assert.deepEqual(blocks[i + 1], { language: "powershell", lines: wanted });
  }
  assert.equal(twins, 2);
});

Deno.test("README's course map lists the notebooks, in their order", async () => {
  const listed = [...readme.matchAll(/^\| `(\d\d_\w+)` \|/gm)].map(([, name]) => name);
  const there = (await Array.fromAsync(Deno.readDir("notebooks")))
    .filter(({ name }) => name.endsWith(".ipynb")).map(({ name }) => name.replace(".ipynb", ""));
  assert.deepEqual(listed, there.sort());
});

Deno.test("README says how long the course takes, as its map and its notebooks do", async () => {
  const listed = [...readme.matchAll(/^\| `(\d\d)_(\w+)` \|.*\| (\d+) \|$/gm)];
  const minutes = (from: string, to: string) =>
    listed.filter(([, number]) => number! >= from && number! <= to)
      .reduce((sum, [, , , own]) => sum + Number(own), 0);
  const told = `00 to 13 take ${minutes("00", "13")} minutes with their exercises, ` +
    `14 to 20 take ${minutes("14", "20")}, 21 to 24 take ${minutes("21", "24")}:`;
  assert.ok(readme.includes(told), told);
  for (const [, number, name, own] of listed.filter(([, one]) => one! >= "14")) {
    const text = await Deno.readTextFile(`notebooks/${number}_${name}.ipynb`);
    const [, lesson, exercises] = text.match(/(\d+) min \+ (\d+) min exercises/)!;
    assert.equal(Number(lesson) + Number(exercises), Number(own), number);
  }
});

Deno.test("README's links and pictures are there", async () => {
  for (const [, target] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
    if (!target!.startsWith("https://")) assert.ok((await Deno.stat(target!)).isFile, target);
  }
});

Deno.test("README starts with the two commands that CI starts with", async () => {
  assert.deepEqual(commands.slice(0, 2).map(({ task }) => task), ["lab", "test"]);
  const ci = await Deno.readTextFile(".ci/run");
  assert.ok(ci.includes(readme.match(/npx -y deno@[\d.]+ task test/)![0]));
});
