import assert from "node:assert/strict";
import { callerPath, door, port, rate, wholeNumber } from "./_door.ts";

Deno.test("door() refuses an unknown flag", async () => {
  const command = door("up", "Starts the cluster.").configureOutput({ writeErr: () => {} });
  await assert.rejects(command.parseAsync(["--nonsense"], { from: "user" }), {
    code: "commander.unknownOption",
  });
});

Deno.test("wholeNumber() refuses what is not a whole number in range", () => {
  assert.equal(wholeNumber(1)("12"), 12);
  for (const text of ["", "0", "1.5", "ten"]) {
    assert.throws(() => wholeNumber(1)(text), /at least 1/);
  }
});

Deno.test("rate() reads a number a second or max", () => {
  assert.deepEqual([rate("1"), rate("0.5"), rate("max")], [1, 0.5, Infinity]);
  assert.throws(() => rate("-1"), /above 0/);
});

Deno.test("callerPath() keeps an absolute path and finds a relative one from the caller's folder", () => {
  assert.equal(callerPath("/data/rides.csv"), "/data/rides.csv");
  assert.ok(callerPath("rides.csv").endsWith("/rides.csv"));
});

Deno.test("port() refuses what no listener can have", () => {
  assert.equal(port("65535"), 65_535);
  for (const text of ["0", "65536"]) assert.throws(() => port(text), /at least 1|1 to 65535/);
});
