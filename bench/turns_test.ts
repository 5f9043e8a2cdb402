import assert from "node:assert/strict";
import { takeTurns } from "./turns.ts";

const failing = (peer: string) => ({ peer, turn: () => Promise.reject(new Error("no Java")) });

Deno.test("takeTurns() lets another begin in each round", async () => {
  const order: string[] = [];
  const player = (peer: string) => ({ peer, turn: () => Promise.resolve(order.push(peer)) });
  const [ours] = await takeTurns([player("ours"), player("theirs")], 2);
  assert.deepEqual(order, ["ours", "theirs", "theirs", "ours"]);
  assert.deepEqual(ours!.turns, [1, 4]);
});

Deno.test("takeTurns() says why a peer is missing, and goes on; ours may not fail", async () => {
  const [missing] = await takeTurns([failing("kafka-streams")], 2);
  assert.deepEqual(missing, { peer: "kafka-streams", turns: [], missing: "no Java" });
  await assert.rejects(takeTurns([failing("ours-200k")], 1), /no Java/);
});
