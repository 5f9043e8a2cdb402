/**
 * Drives the course's JupyterLab in a real browser, for tests. Waits for facts of the page, never for a while.
 *
 * @module
 */
import { type Lab, labPlaces, startLab } from "../../lib/lab/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import { freePorts } from "../free_ports.ts";
import { launchBrowser } from "./_chromium.ts";
import { type LabPage, labPage } from "./_page.ts";

/** How to open the lab. */
export interface OpenLabOptions {
  /** Path of the first notebook, from the checkout. */
  readonly notebook: string;
  /** Environment for kernels, such as KAFKA_BROKERS. @default {} */
  readonly env?: Readonly<Record<string, string>>;
}

/** JupyterLab, a browser on it, and the page's gestures. Disposing ends both. */
export interface OpenLab extends LabPage, AsyncDisposable {
  readonly lab: Lab;
  /** Where this lab keeps its files. */
  readonly state: string;
}

/** Starts JupyterLab on a free port with files of its own, and opens a notebook in a browser. */
export async function openLab(options: OpenLabOptions): Promise<OpenLab> {
  await using stack = new AsyncDisposableStack();
  const state = await Deno.makeTempDir({ prefix: "taxi-lab-" });
  stack.defer(() => Deno.remove(state, { recursive: true }));
  await exposeApp(state);
  const lab = await startLab({
    port: freePorts(1),
    notebook: options.notebook,
    places: labPlaces({ ...folders(), state }),
    env: { TAXI_STATE: state, ...options.env },
  });
  stack.defer(() => lab.stop());
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const page = await labPage(browser, lab.url);
  const all = stack.move();
  return { ...page, lab, state, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Makes a lab that keeps its files in `state` put its application object on the page: tests ask it for facts. */
export async function exposeApp(state: string): Promise<void> {
  const config = labPlaces({ ...folders(), state }).config;
  await Deno.mkdir(config, { recursive: true, mode: 0o700 });
  const settings = { LabApp: { expose_app_in_browser: true } };
  await Deno.writeTextFile(`${config}/jupyter_lab_config.json`, JSON.stringify(settings));
}
