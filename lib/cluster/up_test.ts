import assert from "node:assert/strict";
import { down, status, up } from "./mod.ts";
import { clusterConfig } from "./cluster_config.ts";
import { freePorts } from "../../tests/free_ports.ts";

/** A "Java" that says some lines and ends: what the supervisor makes of them needs no real one. */
async function fakeJava(folder: string, script: string) {
  const command = `${folder}/java`;
  await Deno.writeTextFile(command, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  return () =>
    Promise.resolve({
      java: { command, version: "25", installed: true },
      kafkaJars: [],
      registryFolder: folder,
    });
}

async function inConfig(
  test: (config: ReturnType<typeof clusterConfig>, folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  const config = clusterConfig(
    new Map([
      ["TAXI_STATE", `${folder}/state`],
      ["TAXI_KAFKA_PORT", `${freePorts(2)}`],
      ["SCHEMA_REGISTRY_URL", "http://localhost:1"],
    ]),
  );
  await test(config, folder).finally(async () => {
    await down({ config });
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("up() starts nothing where the environment names another Kafka and registry", async () => {
  const said: string[] = [];
  const config = clusterConfig(
    new Map([["KAFKA_BROKERS", "kafka:9092"], ["SCHEMA_REGISTRY_URL", "http://registry:8081"]]),
  );
  const result = await up({ config, progress: ({ text }) => said.push(text) });
  assert.deepEqual(result, {
    brokers: ["kafka:9092"],
    registry: "http://registry:8081",
    started: false,
    warnings: [],
  });
  assert.deepEqual(said, [
    "Using the Kafka of KAFKA_BROKERS: starting none",
    "Using the registry of SCHEMA_REGISTRY_URL: starting none",
  ]);
});

if (Deno.build.os !== "windows") {
  Deno.test("up() tells why a broker died at its start, in one line, and leaves nothing running", () =>
    inConfig(async (config, folder) => {
      const prepare = await fakeJava(
        folder,
        'case "$*" in *StorageTool*) exit 0;; esac\n' +
          'echo "ERROR KafkaServer - Exiting"; echo "java.io.IOException: No space left on device"; exit 1',
      );
      await assert.rejects(up({ config, prepare }), {
        message:
          'Cannot start broker 1: the disk is full (free at least 500 MB, then run "deno task up")',
      });
      const { phase, processes } = await status({ config });
      assert.deepEqual([phase, processes.map(({ state }) => state)], ["stopped", ["exited"]]);
    }));

  Deno.test("up() tells why storage could not be prepared", () =>
    inConfig(async (config, folder) => {
      const prepare = await fakeJava(folder, 'echo "Error: no such tool" >&2; exit 1');
      await assert.rejects(up({ config, prepare }), {
        message: 'Cannot prepare the storage of broker 1: it said "no such tool" (look at its log)',
      });
    }));

  Deno.test("up() takes back what it began when it is told to stop", () =>
    inConfig(async (config, folder) => {
      // As a real one, it ends at the end of its input.
      const prepare = await fakeJava(folder, "exec cat");
      const stopped = new AbortController();
      const reason = new Error("Ctrl-C");
      const progress = ({ text }: { text: string }) => {
        if (text === "Preparing storage") stopped.abort(reason);
      };
      await assert.rejects(up({ config, prepare, progress, signal: stopped.signal }), reason);
      const { phase, processes } = await status({ config });
      assert.deepEqual([phase, processes.map(({ state }) => state)], ["stopped", ["exited"]]);
    }));
}
