import assert from "node:assert/strict";
import { believes, check, judge, yourTurn } from "./check.ts";

Deno.test("judge() says not tried while the stub stands anywhere in the answer", async () => {
  for (const stub of [yourTurn, { topic: yourTurn }, [1, [yourTurn]], Promise.resolve(yourTurn)]) {
    assert.equal((await judge(stub, 3)).verdict, "not tried");
  }
});

Deno.test("judge() says yes only to what is equal in every part", async () => {
  assert.equal((await judge({ a: [1, 2] }, { a: [1, 2] })).verdict, "yes");
  assert.deepEqual(await judge({ a: [1] }, { a: ["1"] }), {
    verdict: "not yet",
    hint: "you have { a: [ 1 ] }",
  });
});

Deno.test("judge() passes on the mistake that the exercise's author names", async () => {
  const rule = (trips: number) => trips === 3 || `${trips} is not all: vendor 2 has more`;
  assert.equal((await judge(3, rule)).verdict, "yes");
  assert.deepEqual(await judge(2, rule), {
    verdict: "not yet",
    hint: "2 is not all: vendor 2 has more",
  });
  assert.equal((await judge(2, () => false)).verdict, "not yet");
});

Deno.test("judge() turns a thrown error into not yet, wherever it is thrown", async () => {
  const broken = () => {
    throw new RangeError("no such partition");
  };
  const expected = { verdict: "not yet", hint: "it threw RangeError: no such partition" };
  assert.deepEqual(await judge(1, broken), expected);
  assert.deepEqual(await judge(Promise.reject(new RangeError("no such partition")), 1), expected);
  assert.equal(
    (await judge(() => yourTurn, (mine: () => number) => mine() + 1 === 3)).verdict,
    "not yet",
  );
});

Deno.test("judge() names the misconception behind a wrong answer", async () => {
  const rule = (n: number) => n === 2 || believes("M06", "10 is the next to read");
  assert.deepEqual(await judge(1, rule), {
    verdict: "not yet",
    hint: "10 is the next to read",
    belief: "M06",
  });
});

Deno.test("check() throws what is not right when TAXI_GRADE=1 asks for it, and only then", async () => {
  await check("trips", 2, 3);
  Deno.env.set("TAXI_GRADE", "1");
  try {
    await check("trips", 3, 3);
    await assert.rejects(check("trips", 2, 3), { message: "trips: not yet, you have 2" });
    await assert.rejects(check("trips", yourTurn, 3), /^Error: trips: not tried/);
  } finally {
    Deno.env.delete("TAXI_GRADE");
  }
});
