/** `deno task vendor-page`: copies the Control Center's two small libraries out of their npm packages. */
import { here } from "../lib/platform/mod.ts";
import { door, open } from "./_door.ts";
import { TESTS_LOCK } from "./_suite.ts";

/** What the page needs, and where it stands in its package. */
const FILES = [
  { name: "preact.mjs", npm: "preact@11.2.0", path: "dist/preact.mjs" },
  { name: "hooks.mjs", npm: "preact@11.2.0", path: "hooks/dist/hooks.mjs" },
  { name: "htm.mjs", npm: "htm@3.1.1", path: "dist/htm.mjs" },
  { name: "preact.LICENSE", npm: "preact@11.2.0", path: "LICENSE" },
  { name: "htm.LICENSE", npm: "htm@3.1.1", path: "LICENSE" },
] as const;

const FOLDER = new URL("../lib/control_center/page/vendor/", import.meta.url);

await open(
  door("vendor-page", "Copies preact and htm into lib/control_center/page/vendor, with checksums.")
    .action(async () => {
      const sums: Record<string, string> = {};
      for (const { name, npm, path } of FILES) {
        const text = forBrowsers(await Deno.readTextFile(`${await packageFolder(npm)}/${path}`));
        await Deno.writeTextFile(new URL(name, FOLDER), text);
        sums[name] = await sha256(text);
      }
      const lock = { packages: [...new Set(FILES.map(({ npm }) => npm))], sha256: sums };
      await Deno.writeTextFile(
        new URL("vendor.lock.json", FOLDER),
        `${JSON.stringify(lock, null, 2)}\n`,
      );
      console.log(`Copied ${FILES.length} files`);
    }),
);

/** A browser has no import map here (it would be an inline script): names become paths. */
function forBrowsers(code: string): string {
  return code.replace(/from"preact"/g, 'from"./preact.mjs"').replace(
    /\n\/\/# sourceMappingURL=\S+\s*$/,
    "\n",
  );
}

async function packageFolder(npm: string): Promise<string> {
  const info = await here.run(Deno.execPath(), ["info", "--json", TESTS_LOCK, `npm:${npm}`]);
  const { npmPackages } = JSON.parse(info?.output ?? "");
  const { localPath } = npmPackages[npm];
  await here.run(Deno.execPath(), ["cache", TESTS_LOCK, `npm:${npm}`]);
  return localPath;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
