import assert from "node:assert/strict";
import { serveQueries } from "./query_server.ts";

const questions = () => Promise.resolve({ rows: [{ key: "k", value: 9n }] });

Deno.test("serveQueries() answers on this machine, and stops at once though a connection is open", async () => {
  const server = serveQueries(questions);
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const response = await fetch(server.url);
  assert.deepEqual(await response.json(), { rows: [{ key: "k", value: "9" }] });
  await server.close();
});

Deno.test("serveQueries() needs a token where other machines could ask", () => {
  assert.throws(() => serveQueries(questions, { hostname: "0.0.0.0" }), {
    name: "TypeError",
    message: /without a token.*\(give server: \{ token \}/,
  });
});

Deno.test("serveQueries() announces the address it is told, and asks for the token there", async () => {
  const server = serveQueries(questions, { token: "secret", advertised: "worker-1:8080" });
  assert.equal(server.url, "http://worker-1:8080");
  await server.close();
});
