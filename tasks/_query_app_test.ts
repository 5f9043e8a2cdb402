import assert from "node:assert/strict";
import type { Kafka } from "../lib/kafka/mod.ts";
import type { AppStatus, WorkerStatus } from "../lib/views/mod.ts";
import { askApp, serversOf, statusOf } from "./_query_app.ts";

const worker = (more: Partial<WorkerStatus>): WorkerStatus => ({
  ...{ kind: "worker", app: "counts", worker: "a-1", name: "a", host: "here", process: 1 },
  ...{ memberId: null, guarantee: "at-least-once", server: "http://127.0.0.1:7", state: "running" },
  ...{ startedMs: 0, atMs: 100_000, tasks: [], standbys: [] },
  ...more,
} as WorkerStatus);
const now = { apps: [], nowMs: 100_000, host: "here" };
const topology = { kind: "topology", atMs: 1 } as unknown as AppStatus;

Deno.test("serversOf() names the workers that answer, the one that was last heard of first", () => {
  const all = [
    topology,
    worker({ server: "http://127.0.0.1:1", atMs: 90_000 }),
    worker({ server: "http://127.0.0.1:2" }),
    worker({ server: "http://10.0.0.9:3", host: "there", atMs: 80_000 }),
    worker({ server: "http://127.0.0.1:4", host: "there" }),
    worker({ server: null }),
    // What another program may have written there.
    ...["nowhere", "file:///etc/passwd", 7].map((server) => worker({ server: server as string })),
    worker({ server: "http://127.0.0.1:5", atMs: 1 }),
  ];
  assert.deepEqual(serversOf("counts", all, now), [
    "http://127.0.0.1:2",
    "http://127.0.0.1:1",
    "http://10.0.0.9:3",
  ]);
});

Deno.test("serversOf() says by a sentence why nobody can be asked", () => {
  const cases: readonly (readonly [readonly (AppStatus | WorkerStatus)[] | undefined, RegExp])[] = [
    [undefined, /^Cannot query "counts": there is no such app \(there are: trips\)$/],
    [[topology], /none of its workers runs \(start one\)$/],
    [[worker({ atMs: 1 })], /none of its workers runs/],
    [[worker({ server: null })], /answer no queries/],
    [[worker({ host: "there" })], /only on their own machine, "there" \(ask there, or start them/],
  ];
  for (const [status, message] of cases) {
    assert.throws(() => serversOf("counts", status, { ...now, apps: ["trips"] }), { message });
  }
});

Deno.test("askApp() goes on to the next worker where one does not answer, and says what a worker answers", async () => {
  const query = { app: "counts", table: "letters", key: "a" };
  const asked: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    asked.push(new URL(url).pathname + new URL(url).search);
    return url.includes("trips")
      ? Response.json({ message: "Cannot query: no table" }, { status: 404 })
      : Response.json({ rows: [{ key: "a", value: 1 }] });
  });
  const own = `http://127.0.0.1:${server.addr.port}`, dead = await deadServer();
  assert.deepEqual(await askApp([dead, own], query), [{ key: "a", value: 1 }]);
  assert.deepEqual(asked, ["/apps/counts/tables/letters?text=a"]);
  await assert.rejects(askApp([own], { ...query, table: "trips" }), { message: /no table/ });
  await assert.rejects(askApp([dead], query), { message: /does not answer \(it may just/ });
});

Deno.test("askApp() takes what is no worker for one that does not answer, and asks the next", async () => {
  const spaces = new Uint8Array(1e6).fill(32);
  const strangers: Record<string, (asked: Request) => Response | Promise<Response>> = {
    "/endless": () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(spaces) })),
    "/silent": ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", reject)),
    "/null": () => Response.json(null),
    "/page": () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    "/rows": () => Response.json({ rows: 7 }),
    "/moved": () => new Response(null, { status: 302, headers: { location: "/null" } }),
  };
  let answer = strangers["/null"]!;
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (asked) => answer(asked),
  );
  const stranger = `http://127.0.0.1:${server.addr.port}`;
  await using worker = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ rows: [] }),
  );
  const query = { app: "counts", table: "letters", key: "a" };
  for (const [name, of] of Object.entries(strangers)) {
    answer = of;
    const withinMs = name === "/silent" ? 1 : 60_000;
    await assert.rejects(
      askApp([stranger], { ...query, withinMs }),
      { message: /does not answer/ },
      name,
    );
  }
  assert.deepEqual(await askApp([stranger, `http://127.0.0.1:${worker.addr.port}`], query), []);
});

/** An address where nothing listens any more. */
async function deadServer(): Promise<string> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(),
  );
  await server.shutdown();
  return `http://127.0.0.1:${server.addr.port}`;
}

Deno.test("statusOf() tells a user that may not see the status topic so, and not that there is no app", async () => {
  const denied = new Error("this user needs Read"), asked: string[] = [];
  const topics = {
    exists: () => Promise.resolve(false),
    mustBeAllowed: (doing: string, topic: string) => {
      asked.push(`${doing} ${topic}`);
      return Promise.reject(denied);
    },
  };
  await assert.rejects(statusOf({ topics } as unknown as Kafka, "windows"), denied);
  assert.deepEqual(asked, ["read windows-status"]);
});
