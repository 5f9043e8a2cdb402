import { fileURLToPath } from "node:url";
import { java } from "../../lib/cluster/artifacts/java.ts";
import { folders } from "../../lib/settings/mod.ts";
import { runProgram } from "../../lib/python/mod.ts";
import type { Engine } from "./engine.ts";
import { fingerprintOf, once } from "./installed.ts";
import { branches, javaChangelog } from "./results.ts";

const SOURCES = fileURLToPath(new URL("../peers/java/", import.meta.url));
/** As a user of a small machine starts it: not the quarter of the memory that Java takes by itself. */
const JVM = ["-Xmx1g", "-XX:+UseSerialGC"];
/** For a process that is to stay below 400 MB: RocksDB takes most of the rest, by its own settings. */
export const SMALL_JVM = ["-Xmx160m", "-XX:+UseSerialGC"];
const SEPARATOR = Deno.build.os === "windows" ? ";" : ":";

/** Kafka Streams 4.3.1, from Maven, on the Java that runs our Kafka; settings stand in `Peer.java`. */
export function kafkaStreams(
  guarantee: "at_least_once" | "exactly_once_v2" = "at_least_once",
  jvm = JVM,
): Engine {
  let command = "", classPath = "";
  return {
    peer: guarantee === "at_least_once" ? "kafka-streams" : "kafka-streams-eos2",
    async prepare() {
      const { cache } = folders();
      command = (await java(cache)).command;
      const folder = await build(`${cache}/peers/kafka-streams`);
      classPath = `${folder}/target/classes${SEPARATOR}${folder}/libs/*`;
    },
    program: ({ question, id, source, records, folder }) => ({
      command,
      args: [...jvm, "-cp", classPath, "Peer"].concat(
        [question.what, guarantee, id, source, `${records}`, folder],
      ),
    }),
    results: (job) => job.question.what === "branch" ? branches(job) : javaChangelog(job),
  };
}

/** Compiles the peer beside its libraries; once for each version of its sources. */
async function build(folder: string): Promise<string> {
  await once(
    folder,
    await fingerprintOf([`${SOURCES}pom.xml`, `${SOURCES}Peer.java`]),
    async () => {
      for (const name of ["pom.xml", "Peer.java"]) {
        await Deno.copyFile(`${SOURCES}${name}`, `${folder}/${name}`);
      }
      const goals = ["compile", "dependency:copy-dependencies", `-DoutputDirectory=${folder}/libs`];
      const maven = await runProgram("mvn", ["-q", "-B", "-f", `${folder}/pom.xml`, ...goals]);
      if (maven === undefined) throw new Error("mvn is not installed");
      if (maven.success) return;
      const why = maven.output.split("\n").find((line) => line.includes("ERROR")) ?? "no word why";
      throw new Error(`mvn cannot build it: ${why.slice(0, 300)}`);
    },
  );
  return folder;
}
