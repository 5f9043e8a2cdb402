import assert from "node:assert/strict";
import { connect as dial } from "node:net";
import type { Page } from "npm:playwright-core@1.65.1";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { connect, producer, string } from "../../lib/kafka/mod.ts";
import { kafkaSettings, registrySettings } from "../../lib/settings/mod.ts";
import { openTopic, row, watch } from "./_center.ts";
import { browserTest, launchBrowser, TIMEOUT_MS } from "./_chromium.ts";

const PREFIX = "/user/ana/proxy/9021";

/** A proxy that forwards requests below its own path, with that path removed (`strips`) or kept. */
function hub({ strips, to }: { readonly strips: boolean; readonly to: () => number }) {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    if (!pathname.startsWith(`${PREFIX}/`)) return new Response("the hub's own", { status: 404 });
    const path = strips ? pathname.slice(PREFIX.length) : pathname;
    const { status, headers, body } = await fetch(`http://127.0.0.1:${to()}${path}${search}`, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      signal: request.signal,
    });
    return new Response(body, { status, headers });
  });
}

for (const strips of [true, false]) {
  const does = strips ? "takes its path away" : "leaves its path";
  await browserTest(`the Control Center works behind a proxy that ${does}`, async () => {
    await using stack = new AsyncDisposableStack();
    let port = 0;
    const proxy = hub({ strips, to: () => port });
    stack.defer(() => proxy.shutdown());
    const publicUrl = new URL(`http://127.0.0.1:${proxy.addr.port}${PREFIX}/`);
    const center = stack.use(
      await startControlCenter({
        port: 0,
        publicUrl,
        kafka: kafkaSettings(),
        registry: schemaRegistry(registrySettings()),
      }),
    );
    port = center.port;
    assert.equal(`${center.url}/`, publicUrl.href);
    await refusesOthers(port);

    const browser = await launchBrowser();
    stack.defer(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    const faults = watch(page);
    await page.goto(publicUrl.href);
    await works(page, `proxy.${strips}.${crypto.randomUUID().slice(0, 8)}`);
    await page.goto(`${publicUrl.href}embed/lanes?topic=x`);
    await page.getByRole("heading", { name: "Partition lanes" }).waitFor();
    assert.deepEqual(faults, []);
  });
}

/** Pages, a dialog that changes something, and the live tail. */
async function works(page: Page, topic: string): Promise<void> {
  await page.getByRole("link", { name: /^Topics/ }).first().click();
  await page.getByRole("button", { name: "Create topic" }).click();
  await page.getByLabel("Topic name").fill(topic);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: topic }).waitFor();
  await openTopic(page, topic);
  await page.getByText("Waiting for new records").waitFor();
  await using kafka = await connect();
  await using out = producer<string, string>(kafka, { key: string, value: string });
  await out.send(topic, { key: "k", value: "live" });
  await row(page, "live").waitFor();
  await kafka.topics.delete(topic);
}

/** The guard stays: only the names that it knows are answered. */
async function refusesOthers(port: number): Promise<void> {
  const socket = dial({ port, host: "127.0.0.1" });
  socket.write("GET /api/now HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  let answer = "";
  for await (const bytes of socket) answer += bytes;
  assert.match(answer, /^HTTP\/1\.1 403 /);
}
