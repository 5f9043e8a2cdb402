import assert from "node:assert/strict";
import { app, int64, json, memoryStores, string, topic, tumbling } from "../../mod.ts";
import { EncodedValue } from "../../state/encoded_value.ts";
import { windowKey } from "../../state/layout.ts";
import { toStateKey } from "../../state/state_key.ts";
import { TaskStore } from "../../state/task_store.ts";
import { storeOf } from "../../topology/topology.ts";
import { tableQuestions } from "./answer.ts";
import { Queries, type QueriesOptions, type QueryHost, type ServerAddress } from "./queries.ts";
import { guarded } from "./query_server.ts";
import { queryUrl, tableUrl } from "./wire.ts";

const counts = app("counts");
const words = counts.stream(topic("words", { key: string, value: string }));
words.groupByKey().count("letters", { value: int64 });
words.groupBy("number", (_, { offset }) => ({ n: offset }), { key: json<{ n: number }>() }).count(
  "pairs",
);
words.groupByKey().windowedBy(tumbling({ sizeMs: 10 })).count("windows");
const topology = counts.topology();
const OWN = "127.0.0.1:7000", SERVER: ServerAddress = { url: `http://${OWN}`, host: "here" };

const bytes = (text: string) => new TextEncoder().encode(text);

/** A worker with these tasks: task -> table -> key -> value. */
function host(
  tasks: Record<string, Record<string, Record<string, number>>>,
  more: Partial<QueryHost> = {},
): QueryHost {
  const stores = new Map(
    Object.entries(tasks).flatMap(([task, tables]) =>
      Object.entries(tables).map(([table, rows]) => {
        const spec = storeOf(topology, table);
        const store = new TaskStore(spec, memoryStores().open(task).store(spec), null);
        for (const [key, value] of Object.entries(rows)) {
          store.put(toStateKey(bytes(key)), EncodedValue.of(value), 5);
        }
        return [`${task} ${table}`, store] as const;
      })
    ),
  );
  return {
    topology,
    host: "here",
    tasksOf: () => ["0_0"],
    storeOf: (table, task) => stores.get(`${task} ${table}`),
    serverOf: () => SERVER,
    ...more,
  };
}

/** Another worker, reached without a network. */
function owner(given: QueryHost, token?: string): (request: Request) => Promise<Response> {
  const questions = tableQuestions(topology, new Queries(given, { timeoutMs: 0 }));
  return (request) => guarded(request, { own: OWN, token, questions });
}

const ask = (given: QueryHost, options: QueriesOptions, table = "letters", key = "a") =>
  new Queries(given, { timeoutMs: 0, ...options }).find({ table, key: bytes(key) });

Deno.test("Queries finds a row here, without asking anybody", async () => {
  const fetch = () => Promise.reject(new Error("nobody is to be asked"));
  const [found] = await ask(host({ "0_0": { letters: { a: 7 } } }), { fetch });
  assert.deepEqual([found?.row.value.value, found?.task], [7, "0_0"]);
  assert.deepEqual(await ask(host({ "0_0": { letters: {} } }), { fetch }), []);
});

Deno.test("Queries asks the worker that has the task, and reads what it answers as the table's own rows", async () => {
  const fetch = owner(host({ "0_0": { letters: { a: 7 } } }));
  const [found] = await ask(host({}), { fetch });
  assert.deepEqual([found?.key, found?.row.value.value, found?.row.timestamp], ["a", 7, 5]);
  assert.deepEqual(await ask(host({}), { fetch }, "letters", "b"), []);
});

Deno.test("Queries asks every task of a table whose partitions a function chose", async () => {
  const both = { tasksOf: () => ["0_0", "0_1"] };
  const fetch = owner(host({ "0_1": { letters: { a: 8 } } }, both));
  const found = await ask(host({ "0_0": { letters: {} } }, both), { fetch });
  assert.deepEqual(found.map(({ task }) => task), ["0_1"]);
});

Deno.test("Queries finds only the windows that begin in a range", async () => {
  const spec = storeOf(topology, "windows");
  const store = new TaskStore(spec, memoryStores().open("0_0").store(spec), null);
  for (const start of [0, 10, 20]) store.put(windowKey("a", start), EncodedValue.of(start), start);
  store.put(windowKey("ab", 10), EncodedValue.of(99), 10);
  const fetch = owner(host({}, { storeOf: () => store }));
  const found = await new Queries(host({}), { fetch, timeoutMs: 0 })
    .find({ table: "windows", key: bytes("a"), fromMs: 10, toMs: 20 });
  assert.deepEqual(found.map(({ row }) => row.value.value), [10]);
});

Deno.test("Queries waits while the group rebalances, says so, and finds the row at its new place", async () => {
  let looks = 0;
  const waits: string[] = [];
  const store = host({ "0_0": { letters: { a: 7 } } }).storeOf("letters", "0_0");
  const [found] = await ask(
    host({}, {
      storeOf: () => waits.length > 0 ? store : undefined,
      serverOf: () => ++looks % 2 ? undefined : SERVER,
    }),
    {
      fetch: owner(host({})),
      timeoutMs: 60_000,
      onWaiting: (task, why) => waits.push(`${task}: ${why}`),
    },
  );
  assert.equal(found?.row.value.value, 7);
  assert.equal(waits.length, 1);
  assert.match(waits[0]!, /^0_0: a query of table "letters": .*rebalancing$/);
});

/** Spaces without an end. */
function endless(): ReadableStream<Uint8Array> {
  const spaces = new Uint8Array(2 ** 20).fill(32);
  return new ReadableStream({ pull: (controller) => controller.enqueue(spaces) });
}

Deno.test("Queries says why it found no owner, when its time is over", async () => {
  const cases: readonly (readonly [Partial<QueryHost>, QueriesOptions, RegExp])[] = [
    [{ serverOf: () => undefined }, {}, /task 0_0 was not found for 0 s, no worker has it yet/],
    [{ serverOf: () => null }, {}, /answers no queries \(start it without server: false\)/],
    [{ serverOf: () => ({ ...SERVER, host: "there" }) }, {}, /only on its own machine, "there"/],
    [
      {},
      { fetch: () => Promise.reject(new TypeError("refused")) },
      /its worker at .* does not answer/,
    ],
    [{}, { fetch: () => Promise.resolve(Response.json(null)) }, /was not found for 0 s/],
    [
      {},
      { fetch: () => Promise.resolve(Response.json({ rows: [{ key: 7 }] })) },
      /its worker at .* does not answer/,
    ],
    [
      {},
      { fetch: () => Promise.resolve(new Response(endless())) },
      /the answer is longer than 67108864 bytes \(is http:.* a worker\?\)/,
    ],
    [{}, { fetch: owner(host({})) }, /the group is rebalancing/],
    [{}, { fetch: owner(host({}), "secret") }, /without the application's token/],
  ];
  for (const [given, options, message] of cases) {
    await assert.rejects(ask(host({}, given), options), { message });
  }
  await assert.rejects(ask(host({}), {}, "tabel"), { name: "RangeError", message: /"letters"/ });
});

Deno.test("Queries lets an owner in that knows the token", async () => {
  const fetch = owner(host({ "0_0": { letters: { a: 7 } } }), "secret");
  const [found] = await ask(host({}), { fetch, token: "secret" });
  assert.equal(found?.row.value.value, 7);
});

Deno.test("A key that somebody typed is JSON where the table's keys are, and text elsewhere", async () => {
  const given = host({
    "0_0": { letters: { "7": 70, '"7"': 71 }, pairs: { '{"n":1}': 1, "7": 2, '"x"': 3 } },
  });
  const answer = owner(given);
  const typed = async (table: string, text: string) => {
    const url = tableUrl(SERVER.url, "counts", table);
    url.searchParams.set("text", text);
    const { rows } = await (await answer(new Request(url))).json();
    return rows.map(({ key, value }: { key: unknown; value: unknown }) => [key, value]);
  };
  assert.deepEqual(await typed("letters", "7"), [["7", 70]]);
  assert.deepEqual(await typed("letters", '"7"'), [["7", 70]]);
  assert.deepEqual(await typed("pairs", '{"n":1}'), [[{ n: 1 }, 1]]);
  assert.deepEqual(await typed("pairs", "7"), [[7, 2]]);
  assert.deepEqual(await typed("pairs", "x"), [["x", 3]]);
  assert.deepEqual(await typed("pairs", "nothing"), []);
});

Deno.test("A worker refuses pages, other hosts, other methods and other apps, and says what there is", async () => {
  const answer = owner(host({ "0_0": { letters: { a: 7 } } }));
  const url = queryUrl(SERVER.url, "counts", { table: "letters", key: bytes("a") });
  const cases: readonly (readonly [string, RequestInit, number, RegExp])[] = [
    [url, {}, 200, /rows/],
    [url, { method: "POST" }, 405, /use GET/],
    [url, { headers: { origin: "http://evil.example" } }, 403, /only programs/],
    [url, { headers: { "sec-fetch-site": "cross-site" } }, 403, /only programs/],
    [url, { headers: { host: "evil.example:7000" } }, 403, /evil\.example/],
    [url, { headers: { host: "localhost:7000" } }, 200, /rows/],
    [url.replace("counts", "other"), {}, 404, /this is a worker of \\"counts\\"/],
    [
      url.replace("letters", "trips"),
      {},
      404,
      /no table \\"trips\\" \(there are: letters, pairs, windows\)/,
    ],
    [`${SERVER.url}/`, {}, 404, /this is a worker/],
    [`${SERVER.url}/apps/counts/tables/letters`, {}, 400, /without/],
    [`${url}&from=x`, {}, 400, /epoch milliseconds/],
    [url.replace("counts", "%zz"), {}, 400, /Cannot read \\"\/apps\/%zz/],
    [url.replace(/key=.*/, "key=%3C%3E"), {}, 400, /Cannot read \\"<>\\"/],
  ];
  for (const [address, init, status, body] of cases) {
    const response = await answer(new Request(address, init));
    assert.equal(response.status, status, address);
    assert.match(await response.text(), body);
  }
});
