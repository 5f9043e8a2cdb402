import assert from "node:assert/strict";
import { folders, kafkaSettings, ports, registrySettings } from "./mod.ts";

Deno.test("folders() finds the checkout that holds deno.json", async () => {
  const { root } = folders();
  assert.ok((await Deno.stat(`${root}/deno.json`)).isFile);
});

Deno.test("ports() refuses a port that is not a port, and names the variable", () => {
  assert.throws(() => ports(new Map([["TAXI_LAB_PORT", "eighty"]])), {
    name: "RangeError",
    message: 'Cannot use "eighty" as TAXI_LAB_PORT: a port is a whole number from 1 to 65535 ' +
      "(unset TAXI_LAB_PORT for 8888)",
  });
});

Deno.test("kafkaSettings() follows a moved local port", () => {
  const settings = kafkaSettings(new Map([["TAXI_KAFKA_PORT", "19092"]]));
  assert.deepEqual([settings.brokers, settings.local], [["localhost:19092"], true]);
});

Deno.test("kafkaSettings() reads a login, and no login where there is no name", () => {
  const env = new Map([["KAFKA_USERNAME", "ada"], ["KAFKA_PASSWORD", "s3"]]);
  const { mechanism, username, password } = kafkaSettings(env).sasl!;
  assert.deepEqual([mechanism, username, password], ["plain", "ada", "s3"]);
  assert.equal(kafkaSettings(new Map()).sasl, undefined);
});

Deno.test("settings show no password", () => {
  const env = new Map([
    ["KAFKA_USERNAME", "ada"],
    ["KAFKA_PASSWORD", "m4rker"],
    ["SCHEMA_REGISTRY_URL", "http://ada:m4rker@registry:8081"],
  ]);
  for (const settings of [kafkaSettings(env), registrySettings(env)]) {
    for (const one of [settings, { ...settings }]) {
      const shown = Deno.inspect(one, { depth: 9 });
      assert.match(shown, /username: "ada"/);
      assert.doesNotMatch(shown, /m4rker/);
    }
  }
});

Deno.test("kafkaSettings() refuses an unknown mechanism", () => {
  const env = new Map([["KAFKA_USERNAME", "ada"], ["KAFKA_SASL_MECHANISM", "magic"]]);
  assert.throws(() => kafkaSettings(env), { name: "TypeError", message: /"magic".*scram-sha-512/ });
});

Deno.test("registrySettings() takes the slash off the end", () => {
  const env = new Map([["SCHEMA_REGISTRY_URL", "http://registry:8081///"]]);
  assert.equal(registrySettings(env).url, "http://registry:8081");
});
