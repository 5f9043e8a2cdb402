import assert from "node:assert/strict";
import { connect as open } from "node:net";
import { schemaRegistry } from "../../../avro/mod.ts";
import { BODY_BYTES } from "./changing.ts";
import { type ControlCenter, startControlCenter } from "./server.ts";

/** A Control Center whose Kafka and registry are not there. */
async function withoutKafka(test: (center: ControlCenter) => Promise<void>): Promise<void> {
  const center = await startControlCenter({
    port: 0,
    labPort: 8888,
    kafka: { brokers: ["localhost:1"], local: true, ssl: false },
    registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
  });
  await test(center).finally(() => center.close());
}

/** Sends a request as it stands: fetch would correct its host and path. */
async function raw({ port }: ControlCenter, request: string): Promise<string> {
  const socket = open({ port, host: "127.0.0.1" });
  socket.write(request.replaceAll("\n", "\r\n"));
  let answer = "";
  for await (const bytes of socket) answer += bytes;
  return answer;
}

const tokenIn = (html: string) => html.match(/name="taxi-token" content="([^"]+)"/)![1]!;

Deno.test("startControlCenter() serves its page without Kafka, and says what is missing", async () => {
  await withoutKafka(async ({ url }) => {
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.match(
      page.headers.get("content-security-policy")!,
      /script-src 'self'.*frame-ancestors 'none'/,
    );
    assert.doesNotMatch(await page.text(), /<script>|\son\w+=|https?:/);
    const now = await (await fetch(`${url}/api/now`)).json();
    assert.match(now.kafkaTrouble, /^Cannot reach Kafka at "localhost:1"/);
    assert.match(now.registryTrouble, /does not answer$/);
  });
});

Deno.test("startControlCenter() lets the lab frame the lanes and nothing else", async () => {
  await withoutKafka(async ({ url }) => {
    const embed = await fetch(`${url}/embed/lanes?topic=demo_1`);
    const policy = embed.headers.get("content-security-policy")!;
    assert.match(
      policy,
      /frame-ancestors 'self' http:\/\/localhost:8888 http:\/\/127\.0\.0\.1:8888$/,
    );
    // It only reads: it gets no token.
    assert.doesNotMatch(await embed.text(), /taxi-token/);
  });
});

Deno.test("startControlCenter() refuses foreign hosts, origins, forms, old pages and large bodies", async () => {
  await withoutKafka(async (center) => {
    const { port, url } = center;
    assert.match(
      await raw(center, "GET / HTTP/1.1\nHost: evil.example\nConnection: close\n\n"),
      /^HTTP\/1.1 403/,
    );
    const post = async (headers: Record<string, string>, body = "{}") => {
      const answer = await fetch(`${url}/api/topics/create`, { method: "POST", headers, body });
      return [answer.status, (await answer.json()).message];
    };
    const json = {
      "content-type": "application/json",
      "x-taxi-token": tokenIn(await (await fetch(url)).text()),
    };
    assert.equal((await post({ ...json, origin: "http://evil.example" }))[0], 403);
    assert.equal((await post({ ...json, "x-taxi-token": "old" }))[0], 403);
    assert.equal(
      (await post({ ...json, "content-type": "application/x-www-form-urlencoded" }))[0],
      415,
    );
    assert.equal((await post(json, `{"topic":"${"x".repeat(BODY_BYTES)}"}`))[0], 413);
    const own = { ...json, origin: `http://localhost:${port}` };
    assert.deepEqual(await post(own, "[]"), [
      400,
      "Cannot take this body: it is not a JSON object",
    ]);
    assert.equal((await fetch(`${url}/api/topics/create`)).status, 404);
    const body = '{"__proto__":{"mode":"FULL"}}';
    const mode = await fetch(`${url}/api/schemas/mode`, { method: "POST", headers: own, body });
    assert.match((await mode.json()).message, /^Cannot set the mode "undefined/);
  });
});

Deno.test("startControlCenter() stops reading a body that does not say how large it is", async () => {
  await withoutKafka(async ({ url }) => {
    const token = tokenIn(await (await fetch(url)).text());
    const headers = { "content-type": "application/json", "x-taxi-token": token };
    const chunk = new TextEncoder().encode("x".repeat(BODY_BYTES / 4));
    const body = ReadableStream.from(Array.from({ length: 5 }, () => chunk));
    const answer = await fetch(`${url}/api/topics/create`, { method: "POST", headers, body });
    assert.match((await answer.json()).message, /^Cannot take this body: it is larger than/);
  });
});

Deno.test("startControlCenter() takes no path for a topic's name", async () => {
  await withoutKafka(async ({ url }) => {
    for (const name of ["..%2f..%2fetc", "%00", "a%20b", "x".repeat(250), "%3Cimg%3E"]) {
      const answer = await fetch(`${url}/api/topics/${name}/settings`);
      assert.match((await answer.json()).message, /as a topic name/, name);
    }
  });
});

Deno.test("startControlCenter() gives no file outside its page", async () => {
  await withoutKafka(async (center) => {
    const host = `Host: localhost:${center.port}\nConnection: close\n\n`;
    for (
      const path of [
        "/page/../mod.ts",
        "/page/%2e%2e/mod.ts",
        "/page//app.ts",
        "/page/..%2fserver.ts",
      ]
    ) {
      const answer = await raw(center, `GET ${path} HTTP/1.1\n${host}`);
      assert.doesNotMatch(answer, /startControlCenter/, path);
    }
    assert.match(await raw(center, `GET /page/app.ts HTTP/1.1\n${host}`), /^HTTP\/1.1 200/);
  });
});

Deno.test("startControlCenter() says that its port is taken", async () => {
  await withoutKafka(async ({ port }) => {
    await assert.rejects(
      startControlCenter({
        port,
        kafka: { brokers: ["localhost:1"], local: true, ssl: false },
        registry: schemaRegistry({ url: "http://localhost:1" }),
      }),
      { message: new RegExp(`^Cannot open the Control Center: port ${port} is taken`) },
    );
  });
});

Deno.test("startControlCenter() begins no stream for HEAD", async () => {
  await withoutKafka(async ({ url }) => {
    for (const path of ["/api/live", "/api/topics/demo_1/records"]) {
      const answer = await fetch(`${url}${path}`, { method: "HEAD" });
      assert.equal(answer.status, 405, path);
    }
    assert.equal((await fetch(url, { method: "HEAD" })).status, 200);
  });
});
