import assert from "node:assert/strict";
import { openLab } from "./_browser.ts";
import { browserTest } from "./_chromium.ts";

/** A file is the way on Windows, where a kernel hears no signal. */
for (const by of ["signal", "file"]) {
  await browserTest(`■ ends what a cell does, by a ${by}`, async (t) => {
    await using lab = await openLab({
      notebook: "tests/browser/fixtures/lab.ipynb",
      env: { TAXI_STOP_BY: by },
    });

    /** What the kernel remembers tells whether it is the same one. */
    const remembered = async () => {
      await lab.setCell("last", "String(globalThis.kept)");
      return await lab.runCell("last");
    };
    const keep = async () => {
      await lab.setCell("settings", "globalThis.kept = 'the same kernel'; 0");
      await lab.runCell("settings");
    };

    await t.step("an idle kernel that opened no lesson lives on", async () => {
      await keep();
      await lab.pressStop();
      assert.match(await remembered(), /the same kernel/);
    });

    await t.step("a helper that is awaited rejects, and the kernel lives on", async () => {
      await lab.setCell(
        "sum",
        'import { stoppable } from "lib/course/mod.ts";\nconsole.log("waiting");\n' +
          "await stoppable(new Promise(() => {}));",
      );
      await lab.startCell("sum");
      await lab.waitForOutput("sum", /waiting/);
      await lab.pressStop();
      await lab.waitForIdle();
      assert.match(await lab.waitForOutput("sum", /Stopped/), /Stopped by you/);
      assert.match(await remembered(), /the same kernel/);
    });

    await t.step("a wait that does not listen is named, and ends at the second ■", async () => {
      await lab.setCell("sum", 'console.log("waiting");\nawait new Promise(() => {});');
      await lab.startCell("sum");
      await lab.waitForOutput("sum", /waiting/);
      await lab.pressStop();
      await lab.waitForOutput("sum", /Press ■ again to end it/);
      await lab.pressStop();
      await lab.waitForOutput("sum", /■ ended this cell by restarting the kernel/);
      await lab.waitForIdle();
      assert.match(await remembered(), /undefined/);
    });

    await t.step("long work that yields is not ended by itself", async () => {
      await keep();
      await lab.setCell(
        "sum",
        "for (let i = 0; i < 45; i++) await new Promise((r) => setTimeout(r, 100));\n'finished';",
      );
      await lab.startCell("sum");
      await lab.pressStop();
      await lab.waitForOutput("sum", /finished/);
      assert.match(await remembered(), /the same kernel/);
    });

    await t.step("a loop that never pauses is ended with a word about it", async () => {
      await lab.setCell("sum", 'console.log("round");\nwhile (true) {}');
      await lab.startCell("sum");
      await lab.pressStop();
      await lab.waitForOutput("sum", /a loop that never pauses/);
      await lab.waitForIdle();
      assert.match(await remembered(), /undefined/);
      assert.equal(await lab.page.locator(".jp-Dialog").count(), 0);
    });
  });
}
