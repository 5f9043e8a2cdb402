import assert from "node:assert/strict";
import { connect } from "node:net";
import { commandLine, familyOf, listenersOf } from "../listeners.ts";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { isFree } from "../../lib/cluster/mod.ts";
import { eavesdropper } from "../security/_other_user.ts";
import { openLab } from "./_browser.ts";
import { browserTest } from "./_chromium.ts";
import { eventually } from "./_page.ts";

const NOTEBOOK = "tests/browser/fixtures/lab.ipynb";

await browserTest("JupyterLab runs the course in a browser", async (t) => {
  await using lab = await openLab({ notebook: NOTEBOOK });
  const { page } = lab;

  await t.step("it opens on the notebook of its address", async () => {
    assert.equal(
      await page.evaluate("jupyterapp.shell.currentWidget.context.path"),
      NOTEBOOK,
    );
  });

  await t.step("it offers the Deno kernel and no other", async () => {
    const specs = await page.evaluate(
      "Object.keys(jupyterapp.serviceManager.kernelspecs.specs.kernelspecs)",
    );
    assert.deepEqual(specs, ["deno"]);
  });

  await t.step("it is reached from this machine only, its kernel too", () => {
    if (Deno.build.os !== "linux") return;
    const open = listenersOf(familyOf(lab.lab.pid));
    assert.deepEqual(open.filter(({ loopback }) => !loopback), []);
    assert.ok(open.some(({ port }) => port === lab.lab.port));
    // A kernel has five ports.
    assert.ok(open.length >= 6, `${open.length} ports`);
  });

  await t.step(
    "it answers nobody without its token, and no other name for this machine",
    async () => {
      const { port } = lab.lab;
      for (const path of ["contents", "kernels", "sessions", "terminals", "contents/.taxi"]) {
        const answer = await fetch(`http://localhost:${port}/api/${path}`);
        await answer.body?.cancel();
        assert.equal(answer.status, 403, path);
      }
      const socket = connect({ port, host: "127.0.0.1" });
      const asked = `/api/contents?token=${tokenOf(lab.lab.url)}`;
      socket.write(`GET ${asked} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
      let answer = "";
      for await (const bytes of socket) answer += bytes;
      assert.match(answer, /^HTTP\/1\.1 403 /);
    },
  );

  await t.step(
    "another user who waits at localhost's other address never sees its token",
    async () => {
      const { port, url } = lab.lab;
      await using other = await eavesdropper(port);
      if (other === undefined) return; // This machine has no such address.
      assert.equal(await isFree(port), false);
      const visitor = await page.context().browser()!.newPage();
      await visitor.goto(url);
      await visitor.getByRole("main").first().waitFor();
      // The name is the trap: typing it gets the other one.
      await visitor.goto(`http://localhost:${port}/tree?token=typed`).catch(() => {});
      await visitor.close();
      const heard = await other.heard();
      assert.match(heard, /typed/);
      assert.ok(!heard.includes(tokenOf(url)), heard);
    },
  );

  await t.step(
    "its token stands on no command line, in no log, and in no file of others",
    async () => {
      if (Deno.build.os === "windows") return;
      const token = tokenOf(lab.lab.url);
      for (const pid of familyOf(lab.lab.pid)) assert.ok(!commandLine(pid).includes(token));
      assert.ok(!(await Deno.readTextFile(`${lab.state}/jupyter/lab.log`)).includes(token));
      const holders = await filesWith(lab.state, token);
      assert.ok(holders.length > 0);
      for (const path of holders) {
        const folder = path.slice(0, path.lastIndexOf("/"));
        const isClosed = (one: string) => (Deno.statSync(one).mode! & 0o077) === 0;
        assert.ok(isClosed(path) || isClosed(folder), path);
        assert.ok(isClosed(folder), folder);
      }
    },
  );

  for (const theme of ["light", "dark"] as const) {
    await t.step(`it runs all cells and draws in the ${theme} theme`, async () => {
      await lab.theme(theme);
      assert.deepEqual(await lab.runAll(), { cells: 4, ran: 4, errors: [], figures: 1 });
    });
  }

  await t.step("a cell shows the Control Center's lanes in a frame", async () => {
    await using center = await startControlCenter({
      port: 0,
      labPort: Number(new URL(lab.lab.url).port),
      kafka: { brokers: ["localhost:1"], local: true, ssl: false },
      registry: schemaRegistry({ url: "http://localhost:1" }),
    });
    const frame = `<iframe src="${center.url}/embed/lanes?topic=demo_1"></iframe>`;
    await lab.setCell("sum", `Deno.jupyter.html\`${frame}\``);
    await lab.runCell("sum");
    await page.frameLocator(`iframe[src^="${center.url}"]`).getByText("Cannot reach Kafka")
      .waitFor();
  });

  await t.step("a cell that does not parse says where and why", async () => {
    await lab.setCell("sum", "const a = 1;\nconst b = [1, 2;\n");
    const said = await lab.runCell("sum");
    assert.match(said, /does not parse, so nothing in it ran/);
    assert.match(said, /line 2, column 16: Expected ',', got ';'/);
    assert.match(said, /2 \| const b = \[1, 2;\n {19}\^/);
  });

  await t.step("a cell that ends too early says so in words", async () => {
    await lab.setCell("sum", "for (const x of [1]) {\n  x");
    assert.match(
      await lab.runCell("sum"),
      /line \d+, column \d+: Expected '}', got the end of the cell/,
    );
  });

  await t.step("an error that only the engine finds says where, too", async () => {
    await lab.setCell("sum", "const one = 1;\nreturn one;");
    assert.match(await lab.runCell("sum"), /Illegal return statement\n[^]*line 2, column 1:/);
  });

  await t.step("a thrown value that is no Error is shown", async () => {
    await lab.setCell("sum", "throw 3");
    assert.match(await lab.runCell("sum"), /Uncaught 3/);
  });

  await t.step("a wrong type is underlined while it is written", async () => {
    await lab.setCell("sum", 'const six: number = "six";\nconst seven = 7;');
    await page.waitForFunction(
      `[...document.querySelectorAll(".cm-lintRange-error")].map((one) => one.textContent).join() === "six"`,
    );
  });

  await t.step("a name said again in a later cell is not underlined", async () => {
    await lab.setCell("sum", "const seven = 7;");
    await lab.setCell("last", 'const seven = 8;\nconst wrong: string = 9;\n"done"');
    await page.waitForFunction(
      `[...document.querySelectorAll(".cm-lintRange-error")].map((one) => one.textContent).join() === "wrong"`,
    );
  });

  await t.step("completion knows the library's types", async () => {
    const named =
      `["kafka", "registry"].every((name) => [...document.querySelectorAll(".jp-Completer-item")]
      .some((item) => item.textContent.includes(name)))`;
    // A list that opens before the language server has read the cell stays without its names.
    await eventually(page, named, async () => {
      await lab.setCell("last", 'import { ports } from "lib/settings/mod.ts";\nports().');
      await lab.typeAtEnd("last", "");
      await page.keyboard.press("Tab");
    });
    await page.keyboard.press("Escape");
  });

  await t.step("closing a notebook ends its kernel", async () => {
    await lab.closeNotebook();
    await page.waitForFunction(`jupyterapp.serviceManager.kernels.refreshRunning()
      .then(() => [...jupyterapp.serviceManager.kernels.running()].length === 0)`);
  });

  await t.step(
    "a wrong prediction stands beside what happened, counts in the recap, and outlives a reload",
    async () => {
      const mine = "tests/browser/fixtures/guess.mine.ipynb";
      await Deno.copyFile("tests/browser/fixtures/guess.ipynb", mine);
      try {
        await lab.open(mine);
        await lab.setCell("late-guess", 'await predict("late", 3);');
        assert.deepEqual((await lab.runAll()).errors, []);
        const said = "you said 3\nit was 6";
        assert.match(await lab.waitForOutput("late-run", /it was/), new RegExp(said));
        const counted = /This notebook: 0 of 1 prediction right[^]*Late means that stream time had/;
        await lab.waitForOutput("recap-guesses", counted);
        await page.evaluate(`void jupyterapp.commands.execute("docmanager:save")`);
        await page.waitForFunction("!jupyterapp.shell.currentWidget.context.model.dirty");
        await page.reload();
        await page.waitForFunction("globalThis.jupyterapp?.shell?.currentWidget != null");
        await lab.open(mine);
        await lab.waitForOutput("late-run", /you said 3/);
        // Not only in the notebook: an empty cell gets it back from the checkout's state.
        await lab.setCell("late-guess", 'await predict("late", yourTurn);');
        assert.match(await lab.runCell("late-guess"), /you say 3/);
        await lab.closeNotebook();
      } finally {
        await Deno.remove(mine);
      }
    },
  );

  await t.step("a terminal finds deno, also where only npx is installed", async () => {
    await lab.inTerminal("echo found $(command -v deno)", `found ${lab.state}/bin/deno`);
  });
});

const tokenOf = (url: string) => new URL(url).searchParams.get("token")!;

/** Files below a folder that hold a text, links left alone. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesWith(path, text));
    else if (isFile && (await Deno.readTextFile(path)).includes(text)) found.push(path);
  }
  return found;
}
