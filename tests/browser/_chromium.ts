import { type Browser, chromium } from "npm:playwright-core@1.65.1";
import { folders } from "../../lib/settings/mod.ts";
import { missing } from "../needs.ts";

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

/** Only a fault takes as long, also on a machine that does ten other things. */
export const TIMEOUT_MS = 120_000;

interface BrowserProgram {
  readonly executablePath: string;
  /** What it needs in its environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

const CHROME = { program: "Chrome", get: "install Chrome, or sudo apt install chromium" };

/** Chromium comes as a package for this system only. */
const IS_PACKAGED = Deno.build.os === "linux" && Deno.build.arch === "x86_64";

/** The browser's own sockets and timers are not a test's to watch. */
const UNWATCHED = { sanitizeOps: false, sanitizeResources: false };

/** A test that drives a browser; skipped, by name, on a machine that has none and can fetch none. */
export async function browserTest(
  name: string,
  fn: (test: Deno.TestContext) => Promise<void>,
): Promise<void> {
  const there = IS_PACKAGED || await installedBrowser() !== undefined;
  Deno.test({ ...UNWATCHED, name: there ? name : missing(name, CHROME), ignore: !there, fn });
}

/** Starts a browser without a window: the installed one, or the one that comes as a package (Linux x64). */
export async function launchBrowser(): Promise<Browser> {
  const program = await installedBrowser() ?? await packagedBrowser();
  return await chromium.launch({
    executablePath: program.executablePath,
    args: FLAGS,
    ...(program.env && { env: { ...Deno.env.toObject(), ...program.env } }),
  });
}

async function installedBrowser(): Promise<BrowserProgram | undefined> {
  for (const executablePath of INSTALLED) {
    if (await isFile(executablePath)) return { executablePath };
  }
  return undefined;
}

/** Unpacked once into the cache, with the libraries and fonts that a bare machine lacks. */
async function packagedBrowser(): Promise<BrowserProgram> {
  const { cache } = folders();
  const folder = `${cache}/chromium-153.0.0`, half = `${folder}.part`;
  await Deno.mkdir(cache, { recursive: true, mode: 0o700 });
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await isFile(`${folder}/chromium`)) {
    await Deno.remove(half, { recursive: true }).catch(() => {});
    await Deno.mkdir(half);
    await unpackInto(half);
    await Deno.writeTextFile(`${half}/fonts.conf`, fontsIn(`${folder}/fonts`));
    await Deno.rename(half, folder);
  }
  return {
    executablePath: `${folder}/chromium`,
    env: { LD_LIBRARY_PATH: `${folder}/al2023/lib`, FONTCONFIG_FILE: `${folder}/fonts.conf` },
  };
}

/** The package unpacks to the temporary folder, and its libraries only where it believes to run on AWS. */
async function unpackInto(folder: string): Promise<void> {
  const wanted = { TMPDIR: folder, AWS_EXECUTION_ENV: "20.x", LD_LIBRARY_PATH: "" };
  const before = Object.keys(wanted).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(wanted)) Deno.env.set(name, value);
  try {
    const { default: packaged } = await import("npm:@sparticuz/chromium@153.0.0");
    await packaged.executablePath();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** The package's own list of font folders names only its usual host's. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>${folder}</dir></fontconfig>
`;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((file) => file.isFile, () => false);
}
