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
  assert.deepEqual(findings.find(({ topic }) => topic === "brokers"), {
    topic: "brokers",
    ok: false,
    says: `Cannot reach Kafka at "${broker}": it speaks HTTP, not Kafka's protocol`,
    fix: "is KAFKA_BROKERS right?",
  });
});
