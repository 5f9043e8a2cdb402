/** `deno task picture`: takes the README's picture again, from a notebook that runs in a real browser. */
import { openLab } from "../tests/browser/_browser.ts";
import { door, open } from "./_door.ts";
import { withCluster } from "./_world.ts";

const NOTEBOOK = "notebooks/04_consumer_groups.ipynb";
const FIRST_CELL = "third", PICTURE = "notebooks/images/lesson.png";

await open(
  door(
    "picture",
    "Takes the README's picture again: a notebook, run in a real browser on a real Kafka.",
  )
    .action(() =>
      withCluster(async (env) => {
        await using lab = await openLab({ notebook: NOTEBOOK, env });
        const { errors } = await lab.runAll();
        if (errors.length > 0) throw new Error(`Cannot take the picture: ${errors[0]!.text}`);
        await lab.page.setViewportSize({ width: 1360, height: 850 });
        await lab.page.evaluate(`(() => {
          const { content } = jupyterapp.shell.currentWidget;
          const index = content.widgets.findIndex(({ model }) => model.id === "${FIRST_CELL}");
          content.activeCellIndex = index;
          content.deselectAll();
          return content.scrollToItem(index, "start");
        })()`);
        await lab.page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))");
        await lab.screenshot(PICTURE);
        console.log(`took ${PICTURE}`);
      })
    ),
);
