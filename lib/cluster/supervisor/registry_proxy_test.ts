import assert from "node:assert/strict";
import { RegistryProxy } from "./registry_proxy.ts";

/** A proxy in front of a registry that answers with what it was asked. */
async function behindProxy(test: (url: string, proxy: RegistryProxy) => Promise<void>) {
  const registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) =>
      Response.json({
        method: request.method,
        path: new URL(request.url).pathname + new URL(request.url).search,
        origin: request.headers.get("origin"),
        authorization: request.headers.get("authorization"),
        pass: request.headers.get("x-pass"),
        body: await request.text(),
      }, { status: 201, headers: { "x-from": "registry" } }),
  );
  const port = freePort();
  const proxy = new RegistryProxy(port);
  proxy.leadsTo({
    origin: `http://127.0.0.1:${registry.addr.port}`,
    headers: { "x-pass": "door" },
  });
  await test(`http://127.0.0.1:${port}`, proxy).finally(async () => {
    await proxy.close();
    await registry.shutdown();
  });
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** `fetch` does not let a caller choose Host and Origin; a socket does. */
async function raw(url: string, headers: string): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  const text = `GET /apis/ccompat/v7/config HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(text));
  const answer = await new Response(connection.readable).text();
  return Number(answer.split(" ")[1]);
}

Deno.test("RegistryProxy passes method, path, query, body, status and headers", () =>
  behindProxy(async (url) => {
    const response = await fetch(`${url}/apis/ccompat/v7/subjects/a%2Fb?deleted=true`, {
      method: "POST",
      body: "{}",
    });
    assert.deepEqual([response.status, response.headers.get("x-from")], [201, "registry"]);
    assert.deepEqual(await response.json(), {
      method: "POST",
      path: "/apis/ccompat/v7/subjects/a%2Fb?deleted=true",
      origin: null,
      authorization: null,
      pass: "door",
      body: "{}",
    });
  }));

Deno.test("RegistryProxy answers only for its own name on its own port", () =>
  behindProxy(async (url) => {
    const { port } = new URL(url);
    const statuses = [
      `Host: localhost:${port}`,
      `Host: [::1]:${port}`,
      `Host: 127.0.0.1:${port}`,
      `Host: evil.example:${port}`,
      `Host: localhost:${Number(port) + 1}`,
      `Host: localhost`,
      `Host: localhost.evil.example:${port}`,
    ].map((header) => raw(url, header));
    assert.deepEqual(await Promise.all(statuses), [201, 201, 201, 403, 403, 403, 403]);
  }));

Deno.test("RegistryProxy refuses pages of every origin but its own", () =>
  behindProxy(async (url) => {
    const from = (origin: string) => raw(url, `Host: ${new URL(url).host}\r\nOrigin: ${origin}`);
    assert.deepEqual(
      await Promise.all(
        [
          url,
          "http://localhost:8888",
          "http://evil.example",
          "null",
          "http://localhost.evil.example",
        ]
          .map(from),
      ),
      [201, 403, 403, 403, 403],
    );
  }));

Deno.test("RegistryProxy refuses a body of more than 256 kB, and what is not the API", () =>
  behindProxy(async (url) => {
    const status = async (path: string, body: BodyInit | null) => {
      const response = await fetch(url + path, { method: body ? "POST" : "GET", body });
      await response.body?.cancel();
      return response.status;
    };
    const chunked = new Blob(["x".repeat(300_000)]).stream();
    assert.deepEqual([
      await status("/apis/ccompat/v7/x", "x".repeat(262_144)),
      await status("/apis/ccompat/v7/x", "x".repeat(262_145)),
      await status("/apis/ccompat/v7/x", chunked),
      await status("/apis/registry/v3/admin/export", null),
      await status("/apis/ccompat/../registry/v3/admin/export", null),
    ], [201, 413, 413, 404, 404]);
  }));

Deno.test("RegistryProxy says that the registry is not running", () =>
  behindProxy(async (url, proxy) => {
    proxy.leadsTo(undefined);
    const response = await fetch(`${url}/apis/ccompat/v7/config`);
    assert.equal(response.status, 503);
    assert.match((await response.json()).message, /not running \(run "deno task up"\)$/);
    proxy.leadsTo({ origin: `http://127.0.0.1:${freePort()}` });
    const gone = await fetch(`${url}/apis/ccompat/v7/config`);
    assert.deepEqual([gone.status, (await gone.json()).error_code], [502, 502]);
  }));

Deno.test("RegistryProxy shows its pass to the registry, and keeps a caller's login to itself", () =>
  behindProxy(async (url) => {
    const headers = { authorization: "Basic c2VjcmV0", "x-pass": "forged" };
    const response = await fetch(`${url}/apis/ccompat/v7/config`, { headers });
    const { authorization, pass } = await response.json();
    assert.deepEqual([authorization, pass], [null, "door"]);
  }));
