import assert from "node:assert/strict";
import { onceLeft } from "./once_left.ts";
import { pressStop } from "./stop_button.ts";

const occupied = Object.assign(new Error("it still has members"), { code: "NON_EMPTY_GROUP" });

Deno.test("onceLeft() gives up on members that do not leave, with their error", async () => {
  await assert.rejects(onceLeft(() => Promise.reject(occupied), { patienceMs: 0 }), occupied);
});

Deno.test("onceLeft() does not try again what failed for another reason", async () => {
  let tries = 0;
  const work = () => Promise.reject(new Error(`try ${++tries}`));
  await assert.rejects(onceLeft(work), { message: "try 1" });
});

Deno.test("onceLeft() stops waiting at ■", async () => {
  const waiting = onceLeft(() => Promise.reject(occupied));
  setTimeout(pressStop);
  await assert.rejects(waiting, { name: "Stopped" });
});
