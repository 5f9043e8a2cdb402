import type { Browser, Page } from "npm:playwright-core@1.65.1";
import { TIMEOUT_MS } from "./_chromium.ts";

/** What running a whole notebook showed. */
export interface NotebookRun {
  /** Code cells in the notebook. */
  readonly cells: number;
  /** Code cells that ran: they have a number. */
  readonly ran: number;
  /** Every error in the outputs, with the id of its cell. */
  readonly errors: readonly { readonly id: string; readonly text: string }[];
  /** Drawings in the outputs that take room on the page. */
  readonly figures: number;
}

/** The gestures of a learner. */
export interface LabPage {
  readonly page: Page;
  /** Opens a notebook and waits for its kernel. */
  open(path: string): Promise<void>;
  /** Runs every cell and waits until none is waiting. */
  runAll(options?: { readonly timeoutMs?: number }): Promise<NotebookRun>;
  /** Replaces the text of a cell. */
  setCell(id: string, code: string): Promise<void>;
  /** Types at the end of a cell. */
  typeAtEnd(id: string, text: string): Promise<void>;
  /** Runs one cell; resolves when it has ended, with the text below it. */
  runCell(id: string): Promise<string>;
  /** Starts one cell and resolves when the kernel works on it. */
  startCell(id: string): Promise<void>;
  /** Resolves with a cell's text once it holds the words. */
  waitForOutput(id: string, words: RegExp): Promise<string>;
  /** Resolves when the kernel has nothing to do. */
  waitForIdle(): Promise<void>;
  /** Presses ■ in the notebook's toolbar. */
  pressStop(): Promise<void>;
  /** Closes the notebook by its tab, and throws its changes away. */
  closeNotebook(): Promise<void>;
  /** Opens a terminal, types a command, and resolves when the words stand there. */
  inTerminal(command: string, words: string): Promise<void>;
  /**
   * Steps through the first program that can be stepped through, by mouse and by keys.
   *
   * @returns The step that stood there after each gesture; undefined where there is no such program.
   */
  stepsThrough(): Promise<Readonly<Record<string, number>> | undefined>;
  /** Chooses JupyterLab's own light or dark theme. */
  theme(name: "light" | "dark"): Promise<void>;
  /** The lowest contrast, 1 to 21, between a drawing's ink and what lies behind it; undefined without drawings. */
  inkContrast(): Promise<number | undefined>;
  /** Saves pictures of the whole notebook, a screenful each: `<prefix>-1.png`, … */
  pictures(prefix: string): Promise<void>;
  /** Saves a picture of the page. */
  screenshot(path: string): Promise<void>;
}

const RUN_ALL_MS = 300_000;

/** Acts, and again every ten seconds until `fact` holds in the page; throws Playwright's timeout after the twelfth. */
export async function eventually(
  page: Page,
  fact: string,
  act: () => Promise<void>,
): Promise<void> {
  for (let left = 11;; left--) {
    await act();
    try {
      await page.waitForFunction(fact, undefined, { timeout: 10_000 });
      return;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** Opens the lab's address and waits for the notebook it names. */
export async function labPage(browser: Browser, url: string): Promise<LabPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(url);
  await kernelIsIdle(page);
  // A test leaves the notebooks of the checkout as they are.
  await page.evaluate(`void jupyterapp.commands.execute("docmanager:toggle-autosave")`);
  return gestures(page);
}

function gestures(page: Page): LabPage {
  return {
    page,
    open: async (path) => {
      await page.evaluate(`void jupyterapp.commands.execute("docmanager:open",
        { path: ${JSON.stringify(path)}, factory: "Notebook" })`);
      await page.waitForFunction(
        `jupyterapp.shell.currentWidget?.context?.path === ${JSON.stringify(path)}`,
      );
      await kernelIsIdle(page);
    },
    runAll: (options = {}) => runAll(page, options.timeoutMs ?? RUN_ALL_MS),
    setCell: async (id, code) => {
      await page.evaluate(`${CELL(id)}.model.sharedModel.setSource(${JSON.stringify(code)})`);
    },
    typeAtEnd: async (id, text) => {
      await page.evaluate(`${ACTIVATE(id)}; ${NOTEBOOK}.mode = "edit";
        ${CELL(id)}.editor.focus(); ${CELL(id)}.editor.setCursorPosition(
          ${CELL(id)}.editor.getPositionAt(${CELL(id)}.model.sharedModel.source.length))`);
      if (text !== "") await page.keyboard.type(text);
    },
    runCell: async (id) => {
      await page.evaluate(`${ACTIVATE(id)}; ${NOTEBOOK}.ran = undefined;
        void jupyterapp.commands.execute("notebook:run-cell").then(() => ${NOTEBOOK}.ran = true)`);
      await page.waitForFunction(`${NOTEBOOK}.ran === true`);
      await kernelIsIdle(page);
      return await outputText(page, id);
    },
    startCell: async (id) => {
      await page.evaluate(
        `${ACTIVATE(id)}; void jupyterapp.commands.execute("notebook:run-cell")`,
      );
      await page.waitForFunction(`${KERNEL}?.status === "busy"`);
    },
    waitForOutput: async (id, words) => {
      await page.waitForFunction(`${words}.test(${OUTPUT(id)})`);
      return await outputText(page, id);
    },
    waitForIdle: () => kernelIsIdle(page),
    pressStop: async () => {
      await page.locator(`[data-command="notebook:interrupt-kernel"]:visible`).first().click();
    },
    closeNotebook: async () => {
      await page.locator("#jp-main-dock-panel .lm-mod-current .lm-TabBar-tabCloseIcon").click();
      await page.locator(".jp-Dialog button", { hasText: "Discard" }).click();
    },
    inTerminal: async (command, words) => {
      await page.evaluate(`void jupyterapp.commands.execute("terminal:create-new")`);
      await page.waitForFunction(`${TERMINAL} !== undefined && ${TERMINAL_TEXT}.trim() !== ""`);
      // What is typed before the shell listens, or while the page moves the focus, is lost.
      await eventually(page, `${TERMINAL_TEXT}.includes(${JSON.stringify(words)})`, async () => {
        await page.locator(".jp-Terminal .xterm-helper-textarea").focus();
        await page.keyboard.type(`${command}\n`);
      });
    },
    stepsThrough: () => stepsThrough(page),
    theme: async (name) => {
      const title = name === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
      await page.evaluate(
        `void jupyterapp.commands.execute("apputils:change-theme", { theme: ${
          JSON.stringify(title)
        } })`,
      );
      await page.waitForSelector(`body[data-jp-theme-light="${name === "light"}"]`, {
        state: "attached",
      });
      await page.waitForSelector("#jupyterlab-splash", { state: "detached" });
    },
    inkContrast: async () => await page.evaluate(`(${lowestContrast})(${NOTEBOOK}.node)`),
    pictures: (prefix) => pictures(page, prefix),
    screenshot: async (path) => void await page.screenshot({ path }),
  };
}

async function runAll(page: Page, timeoutMs: number): Promise<NotebookRun> {
  await page.evaluate(`void jupyterapp.commands.execute("notebook:run-all-cells")
    .then(() => { ${NOTEBOOK}.ranAll = true; })`);
  await page.waitForFunction(`${NOTEBOOK}.ranAll === true`, undefined, { timeout: timeoutMs });
  await kernelIsIdle(page);
  return await page.evaluate(`(() => {
    ${NOTEBOOK}.ranAll = undefined;
    const cells = ${NOTEBOOK}.widgets.filter((cell) => cell.model.type === "code");
    const errors = cells.flatMap((cell) => cell.model.sharedModel.getOutputs()
      .filter((output) => output.output_type === "error")
      .map((output) => ({ id: cell.model.id, text: output.evalue })));
    return { cells: cells.length, ran: cells.filter((cell) => cell.model.executionCount).length, errors,
      figures: [...${NOTEBOOK}.node.querySelectorAll(".jp-OutputArea-output svg")]
        .filter((svg) => svg.getBoundingClientRect().height > 0).length };
  })()`);
}

/** Gestures of a learner: the buttons and a number by mouse, then arrow keys and Enter, which must send nothing. */
async function stepsThrough(page: Page): Promise<Record<string, number> | undefined> {
  const form = page.locator("form.taxi-walk:visible").first();
  if (await form.count() === 0) return undefined;
  await form.scrollIntoViewIfNeeded();
  const seen: Record<string, number> = {};
  const look = async (after: string) => {
    const [panel = "", ...others] = await form.locator(".taxi-step:visible").allInnerTexts();
    seen[after] = others.length > 0 ? NaN : Number(/^Step (\d+) of /.exec(panel)?.[1]);
  };
  const press = async (selector: string) => {
    const box = (await form.locator(selector).boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  await look("atFirst");
  await press(".taxi-go.on");
  await look("forward");
  for (const key of ["Right", "Left"]) {
    await page.keyboard.press(`Arrow${key}`);
    await look(key.toLowerCase());
  }
  await press(".taxi-go.back");
  await look("back");
  await press("label:nth-of-type(3)");
  await look("tick");
  await page.keyboard.press("Enter");
  await look("enter");
  return seen;
}

async function pictures(page: Page, prefix: string): Promise<void> {
  const panel = `${NOTEBOOK}.outerNode ?? ${NOTEBOOK}.node`;
  const { height, seen } = await page.evaluate<{ height: number; seen: number }>(
    `(({ scrollHeight, clientHeight }) => ({ height: scrollHeight, seen: clientHeight }))(${panel})`,
  );
  for (let at = 0; at * seen < height; at++) {
    await page.evaluate(`(${panel}).scrollTop = ${at * seen}`);
    await page.screenshot({ path: `${prefix}-${at + 1}.png` });
  }
}

async function kernelIsIdle(page: Page): Promise<void> {
  await page.waitForFunction(
    `${KERNEL}?.status === "idle" && ${NOTEBOOK}?.model?.cells.length > 0 &&
    !${NOTEBOOK}.widgets.some((cell) => cell.model.executionState === "running")`,
  );
}

async function outputText(page: Page, id: string): Promise<string> {
  return await page.evaluate(OUTPUT(id));
}

/** Runs in the page. Ink is the colour that lines and words of a drawing have unless they choose their own. */
function lowestContrast(notebook: Element): number | undefined {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((value) =>
      value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): string => {
    if (element === null) return "rgb(255, 255, 255)";
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const drawings = [...notebook.querySelectorAll(".jp-OutputArea-output svg")]
    .filter((svg) => svg.getBoundingClientRect().height > 0);
  const contrasts = drawings.map((svg) => {
    const [low, high] = [light(getComputedStyle(svg).color), light(behind(svg))].sort();
    return (high! + 0.05) / (low! + 0.05);
  });
  return contrasts.length === 0 ? undefined : Math.min(...contrasts);
}

const NOTEBOOK = "jupyterapp.shell.currentWidget.content";
const KERNEL =
  "globalThis.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel";
const TERMINAL = "jupyterapp.shell.currentWidget?.content?._term";
/** The terminal draws on a canvas; its lines are in its buffer. */
const TERMINAL_TEXT = `Array.from({ length: ${TERMINAL}.buffer.active.length }, (_, at) =>
  ${TERMINAL}.buffer.active.getLine(at).translateToString(true)).join("\\n")`;
const CELL = (id: string) =>
  `${NOTEBOOK}.widgets.find((cell) => cell.model.id === ${JSON.stringify(id)})`;
const ACTIVATE = (id: string) =>
  `${NOTEBOOK}.activeCellIndex = ${NOTEBOOK}.widgets.indexOf(${CELL(id)})`;
const OUTPUT = (id: string) => `${CELL(id)}.outputArea.node.innerText`;
