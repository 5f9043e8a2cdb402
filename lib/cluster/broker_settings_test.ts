import assert from "node:assert/strict";
import { brokerSettings, properties } from "./broker_settings.ts";
import { clusterConfig } from "./cluster_config.ts";

const config = clusterConfig(new Map([["TAXI_KAFKA_PORT", "19100"]]));

Deno.test("brokerSettings() gives each of three brokers its ports and all of them one quorum", () => {
  const settings = brokerSettings(config, { size: 3, n: 2, data: "/data" });
  assert.equal(settings["listeners"], "CLIENT://127.0.0.1:19102,CONTROLLER://127.0.0.1:19103");
  assert.equal(
    settings["controller.quorum.voters"],
    "1@127.0.0.1:19101,2@127.0.0.1:19103,3@127.0.0.1:19105",
  );
});

Deno.test("brokerSettings() keeps three copies on three brokers, two of them in sync, and one on one", () => {
  const copies = (size: 1 | 3) =>
    Object.entries(brokerSettings(config, { size, n: 1, data: "/data" }))
      .filter(([name]) => /replication\.factor$|min\.(isr|insync\.replicas)$/.test(name))
      .map(([name, value]) => [/replication/.test(name) ? "copies" : "in sync", value].join(" "));
  assert.deepEqual([...new Set(copies(3))], ["copies 3", "in sync 2"]);
  assert.deepEqual([...new Set(copies(1))], ["copies 1", "in sync 1"]);
});

Deno.test("brokerSettings() listens on loopback only", () => {
  const { listeners } = brokerSettings(config, { size: 1, n: 1, data: "/data" });
  assert.deepEqual([...String(listeners).matchAll(/\/\/([^:]+):/g)].map(([, host]) => host), [
    "127.0.0.1",
    "127.0.0.1",
  ]);
});

Deno.test("clusterConfig() refuses a registry among the brokers' ports", () => {
  const env = new Map([["TAXI_KAFKA_PORT", "8080"], ["TAXI_REGISTRY_PORT", "8081"]]);
  assert.throws(() => clusterConfig(env), {
    name: "RangeError",
    message: "Cannot use port 8081 for the registry: three brokers use 8080 to 8085 " +
      "(set TAXI_REGISTRY_PORT to another port)",
  });
});

Deno.test("brokerSettings() removes nothing where the system renames no open file", () => {
  const settings = (removes: boolean) =>
    brokerSettings(config, { size: 1, n: 1, data: "broker-1", removes });
  const names = ["delete.topic.enable", "log.cleaner.enable", "log.retention.ms"];
  assert.deepEqual(names.map((name) => settings(false)[name]), [false, false, -1]);
  assert.deepEqual(names.map((name) => settings(true)[name]), [undefined, undefined, undefined]);
});

Deno.test("properties() escapes what Java would read as another letter, surrogates too", () => {
  assert.equal(
    properties({ a: "Ünï, 王 🚕\n" }),
    "a=\\u00dcn\\u00ef, \\u738b \\ud83d\\ude95\\u000a\n",
  );
});

Deno.test("brokerSettings() tells other brokers the wire's address, and clients the broker's own", () => {
  const over = { "replica.lag.time.max.ms": "30000" };
  const settings = brokerSettings(config, { size: 3, n: 2, data: "/data", wires: true, over });
  assert.equal(
    settings["listeners"],
    "CLIENT://127.0.0.1:19102,COPIES://127.0.0.1:19109,CONTROLLER://127.0.0.1:19103",
  );
  assert.equal(
    settings["advertised.listeners"],
    "CLIENT://localhost:19102,COPIES://127.0.0.1:19108",
  );
  assert.equal(settings["inter.broker.listener.name"], "COPIES");
  assert.equal(settings["replica.lag.time.max.ms"], "30000");
});
