import assert from "node:assert/strict";
import type { Finding } from "../lib/cluster/mod.ts";

Deno.test("deno task doctor really asks, and fails where what listens is no Kafka", async () => {
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("hello");
  });
  const broker = `localhost:${server.addr.port}`;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tasks/doctor.ts", "--json"],
    env: { KAFKA_BROKERS: broker, SCHEMA_REGISTRY_URL: `http://${broker}` },
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  const findings = lines.map((line) => JSON.parse(line) as Finding);
  assert.equal(code, 1);
  const about = findings.find(({ topic }) => topic === "brokers")!;
  assert.deepEqual([about.ok, about.fix], [false, "is KAFKA_BROKERS right?"]);
  // On a machine that is slow enough, the doctor gives up before it has understood the answer.
  assert.match(about.says, /^Cannot reach Kafka at "localhost:\d+": (it speaks HTTP|.*not answer)/);
});
