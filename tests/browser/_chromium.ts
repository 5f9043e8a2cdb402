import { type Browser, chromium } from "npm:playwright-core@1.65.1";

/** Where systems put Chrome and Chromium. */
const INSTALLED = [
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/** Nothing but the page may use the network, and no sandbox is needed for our own page. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser without a window: the installed one, or the one that comes as a package (Linux x64). */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: await browserPath(), args: FLAGS });
}

async function browserPath(): Promise<string> {
  for (const path of INSTALLED) {
    if (await Deno.stat(path).then((file) => file.isFile, () => false)) return path;
  }
  const { default: packaged } = await import("npm:@sparticuz/chromium@153.0.0");
  return await packaged.executablePath();
}
