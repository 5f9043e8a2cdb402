import assert from "node:assert/strict";
import type { Snapshot } from "../contract.ts";
import { newsBetween } from "./news.ts";

const at = (more: object) =>
  ({ groups: [], brokers: [], lost: [], apps: [], ...more }) as unknown as Snapshot;

Deno.test("newsBetween() tells of brokers and applications, and of nothing that stays as it is", () => {
  const app = (state: string) => ({ apps: [{ app: "counts", state }] });
  assert.deepEqual(newsBetween(at({}), at({ lost: [2] })), ["broker 2 is gone"]);
  assert.deepEqual(newsBetween(at({ lost: [2] }), at({})), ["broker 2 is back"]);
  assert.deepEqual(newsBetween(at(app("running")), at(app("restoring"))), ["counts is restoring"]);
  assert.deepEqual(newsBetween(at(app("running")), at(app("running"))), []);
  assert.deepEqual(newsBetween(at({}), at(app("running"))), []);
});

Deno.test("newsBetween() says no more than three things at once", () => {
  assert.equal(newsBetween(at({}), at({ lost: [1, 2, 3, 4] })).length, 3);
});
