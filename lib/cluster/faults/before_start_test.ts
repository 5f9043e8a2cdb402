import assert from "node:assert/strict";
import { clusterConfig } from "../cluster_config.ts";
import { checkBeforeStart, portProblem, portUses } from "./before_start.ts";
import { described, isFree, portOwner, portState } from "./port_owner.ts";
import { platform } from "../../platform/mod.ts";

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
  assert.equal(await isFree(port), false);
  const state = await Deno.makeTempDir();
  const config = clusterConfig(new Map([["TAXI_STATE", state]]));
  const use = { port, use: "broker 1", setting: "TAXI_KAFKA_PORT" };
  await assert.rejects(checkBeforeStart(config, [use]), (error: Error) => {
    assert.ok(error.message.startsWith(`Cannot start broker 1: port ${port} is taken by `));
    assert.ok(error.message.endsWith("(end that process, or set TAXI_KAFKA_PORT to another port)"));
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

Deno.test("described() knows a checkout on Windows, where arguments with a space stand in quotes", () => {
  const supervisor = 'C:\\deno.exe run -A "C:\\taxi kurs\\lib\\cluster\\supervisor\\main.ts" {}';
  assert.equal(described({ pid: 1, command: supervisor }).checkout, "C:\\taxi kurs");
  const java = 'C:\\java.exe "-Dtaxi.streams.checkout=C:/taxi kurs" -Xmx512m kafka.Kafka';
  assert.equal(described({ pid: 1, command: java }).checkout, "C:/taxi kurs");
});

const NETSTAT = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:9092         127.0.0.1:50112        HERGESTELLT      8
  TCP    127.0.0.1:9092         0.0.0.0:0              ABHÖREN          4711
  TCP    [::]:9021              [::]:0                 ABHÖREN          12
  UDP    0.0.0.0:9093           *:*                                     9
`;

/** A Windows whose programs answer so; undefined where there is no such program. */
function windows(answers: Readonly<Record<string, string>>) {
  return platform("windows", {
    run: (command) => {
      const output = answers[command];
      return Promise.resolve(
        output === undefined ? undefined : { success: true, output, errors: "" },
      );
    },
  });
}

Deno.test("portOwner() names the listener in a German Windows, by its whole command where PowerShell tells", async () => {
  const tasklist = '"java.exe","4711","Console","1","300.000 K"';
  const java = "C:\\j\\java.exe -Dtaxi.streams.checkout=C:/taxi -Xmx512m";
  assert.deepEqual(await portOwner(9092, windows({ netstat: NETSTAT, tasklist })), {
    pid: 4711,
    command: "java.exe",
  });
  const owner = await portOwner(9092, windows({ netstat: NETSTAT, tasklist, powershell: java }));
  assert.equal(owner?.checkout, "C:/taxi");
  assert.equal(await portOwner(9093, windows({ netstat: NETSTAT, tasklist })), undefined);
});

Deno.test("portState() tells a port that Windows reserves from one that another program has", async () => {
  const refuse = () => {
    throw new Deno.errors.PermissionDenied("forbidden");
  };
  const state = (netstat: string) =>
    portState(9092, { platform: windows({ netstat }), listen: refuse });
  assert.equal(await state(""), "reserved");
  assert.equal(await state(NETSTAT), "taken");
  assert.equal(await portState(9092, { platform: platform("linux"), listen: refuse }), "taken");
  assert.deepEqual(portProblem("reserved", undefined), {
    says: "reserved by Windows",
    fix: 'run "netsh interface ipv4 show excludedportrange protocol=tcp" to see the others',
  });
});

Deno.test("portState() finds a listener on every address where the system lets us listen beside it", async () => {
  const beside = { platform: platform("darwin"), listen: () => {} };
  using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  assert.equal(await portState(listener.addr.port, beside), "taken");
  assert.equal(await portState(1, beside), "free", "nobody listens on port 1");
});
