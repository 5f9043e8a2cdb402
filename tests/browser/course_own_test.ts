import assert from "node:assert/strict";
import { isFree } from "../../lib/cluster/mod.ts";
import { freshWorld, type World } from "../../tasks/_world.ts";
import { ownCheckout } from "../own_checkout.ts";
import { exposeApp } from "./_browser.ts";
import { browserTest, launchBrowser } from "./_chromium.ts";
import { type LabPage, labPage } from "./_page.ts";

/** Words need 4.5, lines 3 (WCAG 2.2, 1.4.3 and 1.4.11). */
const LEAST_CONTRAST = 4.5;

const notebooks = (await Array.fromAsync(Deno.readDir("notebooks")))
  .filter(({ name }) => name.endsWith(".ipynb")).map(({ name }) => `notebooks/${name}`).sort();

await browserTest("deno task lab opens the course, and every notebook runs in it", async (t) => {
  await using stack = new AsyncDisposableStack();
  const checkout = stack.use(await ownCheckout());
  const world = await freshWorld();
  stack.defer(() => Deno.remove(world.TAXI_STATE!, { recursive: true }));
  await exposeApp(world.TAXI_STATE!);
  const task = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tasks/lab.ts", "--no-browser"],
    cwd: checkout.folder,
    env: { ...world },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  stack.defer(async () => void await task.status);
  stack.defer(() => interrupt(task));
  const url = await address(task.stdout);
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const page = await labPage(browser, url);

  await t.step("it opens on the first notebook", async () => {
    assert.equal(new URL(url).port, world.TAXI_LAB_PORT);
    assert.equal(
      await page.page.evaluate("jupyterapp.shell.currentWidget.context.path"),
      notebooks[0],
    );
  });

  await t.step("nobody on another machine can reach it", async () => {
    for (const port of [world.TAXI_LAB_PORT, world.TAXI_KAFKA_PORT, world.TAXI_REGISTRY_PORT]) {
      assert.deepEqual(await reachableFrom(Number(port)), []);
    }
  });

  await t.step("without the token it answers nothing", async () => {
    const answer = await fetch(`http://localhost:${world.TAXI_LAB_PORT}/api/contents`);
    await answer.body?.cancel();
    assert.equal(answer.status, 403);
  });

  const stepped: string[] = [];
  for (const notebook of notebooks) {
    await t.step(`${notebook} runs without an error and draws in both themes`, async () => {
      if (await runsAndDraws(page, notebook)) stepped.push(notebook.slice(10, 12));
    });
  }

  await t.step("notebooks that step through a program were stepped through", () => {
    assert.deepEqual(stepped.sort(), ["09", "13", "15", "18", "19"]);
  });

  await t.step("Ctrl-C ends everything it started", async () => {
    await browser.close();
    interrupt(task);
    assert.equal((await task.status).code, 0);
    for (const port of ours(world)) assert.ok(await isFree(port), `port ${port}`);
  });
});

/** @returns whether it steps through a program */
async function runsAndDraws(page: LabPage, notebook: string): Promise<boolean> {
  await page.open(notebook);
  const { cells, ran, errors } = await page.runAll();
  assert.deepEqual(errors, []);
  assert.equal(ran, cells);
  for (const theme of ["light", "dark"] as const) {
    await page.theme(theme);
    const contrast = await page.inkContrast() ?? 21;
    assert.ok(contrast >= LEAST_CONTRAST, `contrast ${contrast} in the ${theme} theme`);
    const folder = Deno.env.get("TAXI_SCREENSHOTS");
    if (folder) await page.pictures(`${folder}/${notebook.slice(10, 12)}-${theme}`);
  }
  const steps = await page.stepsThrough();
  if (steps !== undefined) {
    assert.deepEqual(steps, {
      ...{ atFirst: 1, forward: 2, right: 3, left: 2, back: 1, tick: 3, enter: 3 },
    });
  }
  await page.closeNotebook();
  return steps !== undefined;
}

/** The address that the task prints, once it is ready. */
async function address(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (
    const piece of stdout.pipeThrough(new TextDecoderStream()).values({ preventCancel: true })
  ) {
    text += piece;
    const found = text.match(/JupyterLab: (http\S+)\n/)?.[1];
    if (found) return found;
  }
  throw new Error("Cannot open the lab: the task ended before it printed an address");
}

function interrupt(task: Deno.ChildProcess): void {
  try {
    task.kill("SIGINT");
  } catch { /* it has ended */ }
}

function ours(world: World): number[] {
  const first = Number(world.TAXI_KAFKA_PORT);
  return [first, first + 1, Number(world.TAXI_REGISTRY_PORT), Number(world.TAXI_LAB_PORT)];
}

/** Addresses of this machine, other than loopback, at which a port answers. */
async function reachableFrom(port: number): Promise<string[]> {
  const reached: string[] = [];
  for (const { family, address } of Deno.networkInterfaces()) {
    if (family !== "IPv4" || address.startsWith("127.")) continue;
    await Deno.connect({ hostname: address, port }).then(
      (connection) => (connection.close(), reached.push(address)),
      () => {},
    );
  }
  return reached;
}
