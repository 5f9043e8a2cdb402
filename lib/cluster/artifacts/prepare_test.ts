import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { create } from "tar";
import { type FetchFiles, fileName } from "../../downloads/mod.ts";
import { type ArtifactLock, lock } from "./lock.ts";
import { missingDownloads, prepare } from "./prepare.ts";

/** A registry of one file and a Kafka of one jar, and a source that counts what is asked of it. */
async function smallWorld() {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/quarkus-run.jar`, "registry");
  await Deno.writeTextFile(`${folder}/kafka-1.jar`, "kafka");
  await create({ gzip: true, file: `${folder}/app-1-all.tar.gz`, cwd: folder }, [
    "quarkus-run.jar",
  ]);
  const artifact = (coordinate: string) => {
    const bytes = Deno.readFileSync(`${folder}/${fileName(coordinate)}`);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { coordinate, sha256, bytes: bytes.length };
  };
  const artifacts: ArtifactLock = {
    kafka: { version: "1", jars: [artifact("g:kafka:1")] },
    registry: { version: "1", archive: artifact("g:app:tar.gz:all:1") },
  };
  const asked: string[] = [];
  const fetch: FetchFiles = async (orders, on) => {
    for (const order of orders) {
      asked.push(order.coordinate);
      await Deno.copyFile(
        `${folder}/${fileName(order.coordinate)}`,
        `${order.folder}/${order.name}`,
      );
      on.arrived(order);
    }
  };
  const java = () => Promise.resolve({ command: "java", version: "25", installed: true });
  const cache = `${folder}/cache`;
  return { folder, cache, asked, artifacts, options: { artifacts, fetch, java } };
}

Deno.test("prepare() downloads once when two processes ask at the same time, and nothing later", async () => {
  const { folder, cache, asked, options } = await smallWorld();
  const [one, two] = await Promise.all([prepare(cache, options), prepare(cache, options)]);
  await prepare(cache, options);
  assert.deepEqual(asked.sort(), ["g:app:tar.gz:all:1", "g:kafka:1"]);
  assert.deepEqual(one, two);
  assert.deepEqual(one.kafkaJars, [`${cache}/jars/kafka-1.jar`]);
  assert.equal(await Deno.readTextFile(`${one.registryFolder}/quarkus-run.jar`), "registry");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("prepare() puts right a damaged jar and a registry with a missing file", async () => {
  const { folder, cache, artifacts, asked, options } = await smallWorld();
  const { registryFolder } = await prepare(cache, options);
  await Deno.writeTextFile(`${cache}/jars/kafka-1.jar`, "kafkA");
  await Deno.remove(`${registryFolder}/quarkus-run.jar`);
  assert.equal((await missingDownloads(cache, artifacts)).length, 2);
  await prepare(cache, options);
  assert.deepEqual([asked.length, await missingDownloads(cache, artifacts)], [4, []]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("prepare() runs nothing from a folder that others can change", async () => {
  if (Deno.build.os === "windows") return;
  const { folder, cache, asked, options } = await smallWorld();
  await Deno.mkdir(cache);
  await Deno.chmod(cache, 0o777);
  await assert.rejects(prepare(cache, options), {
    message:
      `Cannot keep downloads in "${cache}": everybody may write to it (run "chmod 700 ${cache}")`,
  });
  await Deno.symlink(cache, `${folder}/link`);
  await assert.rejects(prepare(`${folder}/link`, options), {
    message: /it is a link .*TAXI_CACHE/,
  });
  assert.deepEqual(asked, []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the lock file pins each artifact once, with its hash, and a log binding that fits", () => {
  const { jars } = lock.kafka;
  assert.equal(new Set(jars.map(({ coordinate }) => coordinate)).size, jars.length);
  for (const { sha256, bytes } of [...jars, lock.registry.archive]) {
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.ok(bytes > 0);
  }
  // slf4j 1.7 looks for its binding in another way than slf4j 2: the two must be of one version.
  const slf4j = jars.filter(({ coordinate }) => coordinate.startsWith("org.slf4j:"));
  assert.deepEqual(slf4j.map(({ coordinate }) => coordinate), [
    "org.slf4j:slf4j-api:1.7.36",
    "org.slf4j:slf4j-simple:1.7.36",
  ]);
});
