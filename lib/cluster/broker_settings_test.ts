import assert from "node:assert/strict";
import { brokerSettings } from "./broker_settings.ts";
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
