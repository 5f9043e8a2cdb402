/** The Control Center over HTTP: what another site, another name or a greedy page gets. */
import assert from "node:assert/strict";
import { connect as open } from "node:net";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { type ControlCenter, startControlCenter } from "../../lib/control_center/mod.ts";

const EVERY_ROUTE = [
  "GET /",
  "GET /embed/lanes",
  "GET /page/app.ts",
  "GET /api/now",
  "GET /api/live",
  "GET /api/schemas",
  "GET /api/schemas/s",
  "GET /api/groups/g",
  "GET /api/topics/t/settings",
  "GET /api/topics/t/lanes",
  "GET /api/topics/t/records",
  "GET /api/topics/t/records/0/0",
  ...["topics/create", "topics/change", "topics/delete", "topics/empty", "topics/produce"]
    .map((path) => `POST /api/${path}`),
  ...["groups/reset", "groups/forget", "groups/delete", "schemas/register", "schemas/delete"]
    .map((path) => `POST /api/${path}`),
  ...["schemas/mode", "schemas/check"].map((path) => `POST /api/${path}`),
  "GET /api/rates",
  "GET /api/topics/t/records/0/0/value",
  "GET /not/there",
  "OPTIONS /api/topics/create",
];

async function withCenter(
  test: (center: ControlCenter) => Promise<void>,
  broker = "localhost:1",
): Promise<void> {
  await using center = await startControlCenter({
    port: 0,
    kafka: { brokers: [broker], local: true, ssl: false },
    registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
  });
  await test(center);
}

/** Sends a request as it stands: fetch would correct its host and origin. */
async function raw({ port }: ControlCenter, route: string, headers: readonly string[]) {
  const socket = open({ port, host: "127.0.0.1" });
  socket.write([`${route} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
  let answer = "";
  for await (const bytes of socket) answer += bytes;
  return answer;
}

Deno.test("the Control Center answers another site, and another name for this machine, on no route", async () => {
  await withCenter(async (center) => {
    const own = `Host: localhost:${center.port}`;
    const foreign = [
      ["Host: evil.example"],
      [`Host: evil.example:${center.port}`],
      [`Host: localhost.evil.example:${center.port}`],
      [own, "Origin: http://evil.example"],
      [own, "Origin: null"],
      [own, "Origin: http://localhost:8888"],
      [own, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"],
    ];
    for (const route of EVERY_ROUTE) {
      const answers = await Promise.all(foreign.map((headers) => raw(center, route, headers)));
      for (const answer of answers) {
        assert.match(answer, /^HTTP\/1\.1 403 /, route);
        assert.doesNotMatch(answer, /access-control-allow/i, route);
      }
    }
  });
});

Deno.test("the Control Center changes nothing without its page's token", async () => {
  await withCenter(async (center) => {
    const headers = [`Host: localhost:${center.port}`, "Content-Type: application/json"];
    for (const route of EVERY_ROUTE.filter((one) => one.startsWith("POST"))) {
      assert.match(await raw(center, route, headers), /^HTTP\/1\.1 403 /, route);
    }
  });
});

Deno.test("the Control Center's answers are never run, framed or guessed at, errors neither", async () => {
  await withCenter(async ({ url }) => {
    const hostile = encodeURIComponent("<img src=x onerror=alert(1)>");
    for (const path of ["/", `/api/topics/${hostile}/settings`, `/${hostile}`, "/api/now"]) {
      const answer = await fetch(url + path);
      await answer.body?.cancel();
      const { headers } = answer;
      assert.match(headers.get("content-security-policy")!, /default-src 'none'/, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("x-frame-options"), "DENY");
      assert.equal(headers.get("cache-control"), "no-store");
      if (path !== "/") assert.match(headers.get("content-type")!, /^application\/json/);
    }
  });
});

Deno.test("the Control Center follows no more than eight topics at once", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await withCenter(async ({ url }) => {
    const ask = () => fetch(`${url}/api/topics/t/records?from=begin`);
    const first = await Promise.all(Array.from({ length: 8 }, ask));
    assert.ok(first.every(({ status }) => status === 200));
    const ninth = await ask();
    assert.deepEqual([ninth.status, await ninth.json()], [400, {
      message: "Cannot follow more than 8 topics at once",
    }]);
    silent.close(); // Those that wait learn at once that nobody will answer.
    for (const { body } of first) await body?.cancel();
  }, `127.0.0.1:${silent.addr.port}`);
});
