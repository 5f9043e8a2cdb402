/** What builds and tests applications computes notebook 13's numbers in a browser. */
import assert from "node:assert/strict";
import { bundleTest, NUMBERS } from "../_bundle.ts";
import { browserTest, launchBrowser } from "./_chromium.ts";

const TYPES = { html: "text/html", js: "text/javascript" };

await bundleTest(
  "lib/streams/mod.ts computes notebook 13's numbers in a browser",
  async ({ folder }) => {
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, serve);
    async function serve(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (pathname === "/") return page("<title>streams</title>", "html");
      return page(await Deno.readTextFile(`${folder}${pathname}`), "js");
    }
    await using browser = await launchBrowser();
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.addr.port}/`);
    const numbers = await tab.evaluate('import("/program.js").then(({ numbers }) => numbers)');
    assert.deepEqual(numbers, NUMBERS);
  },
  browserTest,
);

function page(body: string, type: keyof typeof TYPES): Response {
  return new Response(body, { headers: { "content-type": TYPES[type] } });
}
