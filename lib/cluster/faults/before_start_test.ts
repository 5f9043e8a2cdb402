import assert from "node:assert/strict";
import { clusterConfig } from "../cluster_config.ts";
import { checkBeforeStart, portUses } from "./before_start.ts";
import { described, isFree, portOwner } from "./port_owner.ts";

Deno.test("portUses() names every port of three brokers and the registry", () => {
  const config = clusterConfig(
    new Map([["TAXI_KAFKA_PORT", "19100"], ["TAXI_REGISTRY_PORT", "19110"]]),
  );
  const ports = portUses(config, { size: 3, kafka: true, registry: true }).map(({ port }) => port);
  assert.deepEqual(ports.sort(), [19100, 19101, 19102, 19103, 19104, 19105, 19110]);
  assert.deepEqual(portUses(config, { size: 1, kafka: false, registry: false }), []);
});

Deno.test("checkBeforeStart() names the taken port, its owner and the variable that moves it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assert.equal(isFree(port), false);
  const state = await Deno.makeTempDir();
  const config = clusterConfig(new Map([["TAXI_STATE", state]]));
  const use = { port, use: "broker 1", setting: "TAXI_KAFKA_PORT" };
  await assert.rejects(checkBeforeStart(config, [use]), (error: Error) => {
    assert.ok(error.message.startsWith(`Cannot start broker 1: port ${port} is taken by `));
    assert.ok(error.message.endsWith("(end it, or set TAXI_KAFKA_PORT to another port)"));
    return true;
  });
  const owner = await portOwner(port);
  // Where the system does not tell there is no owner; it must never be a wrong one.
  assert.ok(owner?.pid === undefined || owner.pid === Deno.pid);
  if (Deno.build.os === "linux") assert.equal(owner?.pid, Deno.pid);
  await Deno.remove(state);
});

Deno.test("described() knows another checkout by its Java and by its supervisor", () => {
  const java = "/j/bin/java\0-Dtaxi.streams.checkout=/home/ada/my taxi\0-Xmx512m\0kafka.Kafka";
  assert.equal(described({ pid: 1, command: java }).checkout, "/home/ada/my taxi");
  const supervisor = "/bin/deno\0run\0-A\0/home/ada/taxi/lib/cluster/supervisor/main.ts\0{}";
  assert.equal(described({ pid: 1, command: supervisor }).checkout, "/home/ada/taxi");
  assert.deepEqual(described({ pid: 1, command: "nginx\0-g\0x" }), {
    pid: 1,
    command: "nginx -g x",
  });
});
