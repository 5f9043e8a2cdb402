import assert from "node:assert/strict";
import { secondLook } from "./second_look.ts";

/** A cluster that refuses so many looks, and then answers. */
function refuses(times: number) {
  let looks = 0;
  const look = () =>
    ++looks > times ? Promise.resolve("there") : Promise.reject(new Error(`refusal ${looks}`));
  return { look, looks: () => looks };
}

Deno.test("secondLook() says nothing of a cluster that refuses once: its leader moved", async () => {
  assert.equal(await secondLook(refuses(1).look, true), "there");
});

Deno.test("secondLook() tells what a cluster refuses twice, and asks no third time", async () => {
  const { look, looks } = refuses(2);
  await assert.rejects(secondLook(look, true), /^Error: refusal 2$/);
  assert.equal(looks(), 2);
});

Deno.test("secondLook() tells at once that a cluster which was not there still is not", async () => {
  const { look, looks } = refuses(1);
  await assert.rejects(secondLook(look, false), /^Error: refusal 1$/);
  assert.equal(looks(), 1);
});

Deno.test("secondLook() looks once at a cluster that answers", async () => {
  const { look, looks } = refuses(0);
  assert.equal(await secondLook(look, true), "there");
  assert.equal(looks(), 1);
});
