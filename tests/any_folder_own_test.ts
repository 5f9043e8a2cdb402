import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { down, plannedRemovals, reset, up } from "../lib/cluster/mod.ts";
import { lookAt } from "../lib/cluster/process.ts";
import { type ClusterState, readJson, statePaths } from "../lib/cluster/state.ts";
import { lectures } from "../lib/course/mod.ts";
import { connect } from "../lib/kafka/mod.ts";
import { folders, kafkaSettings } from "../lib/settings/mod.ts";
import { environmentOf, inOwnCluster } from "./own_cluster.ts";

/** Runs brokers as on Windows, which delete no topic. */
const SUPERVISOR = fileURLToPath(new URL("./supervisor_without_signals.ts", import.meta.url));

/** The first steps and the first stream program; `deno task test --all` takes every notebook. */
const NOTEBOOKS = Deno.env.get("TAXI_TEST_ALL") ? [] : ["00", "10"];

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Runs notebooks headless, as shipped; gives each with what went wrong in it. */
async function runNotebooks(env: Record<string, string>) {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tasks/course.ts", "--json", ...NOTEBOOKS],
    cwd: folders().root,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  const told = decode(stdout).split("\n").filter((line) => line !== "");
  assert.notEqual(told.length, 0, decode(stderr));
  return told.map((line) => JSON.parse(line)).map(({ notebook, wrong }) => ({ notebook, wrong }));
}

Deno.test("notebooks run twice on a Kafka that deletes no topics, in a folder of any letters; reset leaves nothing", async () => {
  const beside = await Deno.makeTempDir({ prefix: "taxi-own-" });
  // To Kafka a comma parts folders, to the registry's database a semicolon begins settings.
  const folder = `${beside}/Ünï; kurs, 王`;
  const expected = (await lectures(NOTEBOOKS)).map(({ notebook }) => ({
    notebook: notebook.name,
    wrong: [],
  }));
  await inOwnCluster({ TAXI_STATE: `${folder}/state` }, async (config) => {
    const { brokers } = await up({ config, supervisor: SUPERVISOR });
    const paths = statePaths(config.folders.state);
    for (let run = 0; run < 2; run++) {
      assert.deepEqual(await runNotebooks(environmentOf(config)), expected);
    }
    await refusesDeletion(brokers);
    const data = paths.broker(1, 1);
    assert.ok(namesIn(data).includes("meta.properties"));
    assert.ok(namesIn(data).includes("nb00.hello-2-0"), "the second run has a topic of its own");
    assert.deepEqual(namesIn(paths.registry), ["registry.mv.db", "tmp"]);
    assert.deepEqual([namesIn(beside), namesIn(folder)], [["Ünï; kurs, 王"], ["state"]]);

    const { processes } = (await readJson<ClusterState>(paths.state))!;
    await down({ config });
    assert.ok(namesIn(data).includes(".kafka_cleanshutdown"));
    assert.deepEqual([...(await lookAt(processes.map((one) => one.process!.pid))).keys()], []);
    assert.notDeepEqual(await plannedRemovals({ config }), []);
    await reset({ config });
    assert.deepEqual(namesIn(folder), []);
  });
  await Deno.remove(beside, { recursive: true });
});

async function refusesDeletion(brokers: readonly string[]): Promise<void> {
  const settings = kafkaSettings(new Map([["KAFKA_BROKERS", brokers.join()]]));
  await using kafka = await connect({ settings });
  await assert.rejects(kafka.topics.delete("nb00.hello"), { code: "TOPIC_DELETION_DISABLED" });
  assert.equal(await kafka.topics.deleteOrEmpty(["nb00.hello"]), "emptied");
  assert.deepEqual(
    await kafka.topics.beginOffsets("nb00.hello"),
    await kafka.topics.endOffsets("nb00.hello"),
  );
}
