/**
 * Real Kafka of any release, from Maven Central: for tests that take minutes.
 *
 * @module
 */
import { fetchedJava } from "../lib/cluster/artifacts/java.ts";
import { connect } from "../lib/kafka/mod.ts";
import { end, here } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { freePorts } from "./free_ports.ts";
import { until } from "./own_brokers.ts";

/** A Java that is installed. */
export interface InstalledJava {
  readonly command: string;
  /** Such as 17. */
  readonly version: number;
}

/** A broker that runs, without anything in it. */
export interface MavenKafka {
  /** `localhost:port`. */
  readonly address: string;
  /** Release of its jar. */
  readonly version: string;
}

/** Every Java of this machine, the newest first. */
export async function installedJavas(): Promise<readonly InstalledJava[]> {
  const home = Deno.env.get("JAVA_HOME");
  const fetched = await fetchedJava(folders().cache).catch(() => undefined);
  const places = ["/usr/lib/jvm", "/Library/Java/JavaVirtualMachines"].flatMap((folder) => {
    try {
      return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
    } catch {
      return [];
    }
  });
  const commands = [home, ...places, ...places.map((one) => `${one}/Contents/Home`)]
    .flatMap((one) => one ? [`${one}/bin/java`] : []).concat("java", fetched?.command ?? []);
  const found = await Promise.all(commands.map(async (command) => {
    const said = (await here.run(command, ["-version"]).catch(() => undefined))?.errors ?? "";
    const version = Number(said.match(/version "(?:1\.)?(\d+)/)?.[1]);
    return version ? [{ command, version }] : [];
  }));
  const all = found.flat().sort((a, b) => b.version - a.version);
  return all.filter(({ version }, n) => n === 0 || version !== all[n - 1]!.version);
}

/** Whether a Java runs a release: before 4.0 up to 17 (newer ones run some of them), from 4.0 on 17 and newer. */
export function runs({ version: java }: InstalledJava, kafka: string): boolean {
  return Number(kafka.split(".")[0]) < 4 ? java >= 8 && java <= 17 : java >= 17;
}

/**
 * Has Maven fetch a release, once.
 *
 * @param version Such as `3.0.2`, or a range in Maven's words.
 * @returns Where its jars are, and which release it is.
 */
export async function mavenKafka(version: string): Promise<{ libs: string; version: string }> {
  const folder = `${folders().cache}/brokers/${version.replaceAll(/[^\w.]/g, "_")}`;
  const libs = `${folder}/libs`, mark = `${folder}/ready`;
  if (!await Deno.stat(mark).then(() => true, () => false)) {
    await Deno.mkdir(libs, { recursive: true });
    const dependency = (group: string, name: string, version: string) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId>` +
      `<version>${version}</version></dependency>`;
    await Deno.writeTextFile(
      `${folder}/pom.xml`,
      `<project><modelVersion>4.0.0</modelVersion><groupId>taxi</groupId><artifactId>broker</artifactId>
<version>1</version><dependencies>${dependency("org.apache.kafka", "kafka_2.13", version)}
${dependency("org.slf4j", "slf4j-simple", "1.7.36")}</dependencies></project>`,
    );
    const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${libs}`];
    const ended = await here.run("mvn", ["-q", "-B", "-f", `${folder}/pom.xml`, ...goal]);
    if (!ended?.success) throw new Error(`Cannot fetch Kafka ${version}: ${ended?.output}`);
    await Deno.writeTextFile(mark, "");
  }
  const jar = [...Deno.readDirSync(libs)].map(({ name }) => name.match(/^kafka_2\.13-(.*)\.jar$/));
  return { libs, version: jar.find((found) => found !== null)![1]! };
}

/** Starts a release on ports of its own, alone, and removes everything afterwards. */
export async function withMavenKafka<T>(
  java: InstalledJava,
  release: { readonly libs: string; readonly version: string },
  use: (kafka: MavenKafka) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "taxi-broker-" });
  const port = freePorts(2), controller = port + 1;
  const [major, minor] = release.version.split(".").map(Number);
  const zookeeper = major! < 3 || major === 3 && minor! < 3;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const command = (main: string, ...args: string[]) => [
    java.command,
    "-Xms256m",
    "-Xmx512m",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    `-Dorg.slf4j.simpleLogger.logFile=${folder}/${main}.log`,
    "-cp",
    `${release.libs}/*`,
    main,
    ...args,
  ];
  const start = async (main: string, settings: string) => {
    // It ends with its input: also where this process is killed.
    const script = '"$@" & cat > /dev/null; kill -9 $!';
    const args = ["-c", script, "sh", ...command(main, settings)];
    const child = await here.spawn("sh", { args, cwd: folder, input: "piped" });
    stack.defer(async () => void await end(child, 30_000));
  };
  if (zookeeper) {
    await Deno.writeTextFile(
      `${folder}/zookeeper.properties`,
      `dataDir=${folder}/zookeeper\nclientPort=${controller}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n`,
    );
    await start(
      "org.apache.zookeeper.server.quorum.QuorumPeerMain",
      `${folder}/zookeeper.properties`,
    );
  }
  const settings = `${folder}/server.properties`;
  await Deno.writeTextFile(settings, properties({ port, controller, folder, zookeeper }));
  if (!zookeeper) {
    const id = new Uint8Array(16).fill(7).toBase64({ alphabet: "base64url", omitPadding: true });
    const [program, ...args] = command(
      "kafka.tools.StorageTool",
      "format",
      "-t",
      id,
      "-c",
      settings,
    );
    const ended = await here.run(program!, args);
    if (!ended?.success) throw new Error(`Cannot format storage: ${ended?.errors}${ended?.output}`);
  }
  await start("kafka.Kafka", settings);
  const address = `localhost:${port}`;
  await until(`Kafka ${release.version}`, () => answers(address));
  return await use({ address, version: release.version });
}

function properties(
  { port, controller, folder, zookeeper }: {
    readonly port: number;
    readonly controller: number;
    readonly folder: string;
    readonly zookeeper: boolean;
  },
): string {
  const listener = `PLAINTEXT://127.0.0.1:${port}`;
  const own = zookeeper
    ? { "broker.id": 1, "zookeeper.connect": `127.0.0.1:${controller}`, listeners: listener }
    : {
      "process.roles": "broker,controller",
      "node.id": 1,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      "controller.listener.names": "CONTROLLER",
      "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
      listeners: `${listener},CONTROLLER://127.0.0.1:${controller}`,
    };
  const all = {
    ...own,
    "advertised.listeners": `PLAINTEXT://localhost:${port}`,
    "log.dirs": `${folder}/data`,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 8,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 8,
    "group.initial.rebalance.delay.ms": 0,
    "auto.create.topics.enable": false,
  };
  return Object.entries(all).map(([name, value]) => `${name}=${value}\n`).join("");
}

async function answers(address: string): Promise<true | undefined> {
  const settings = { brokers: [address], local: false, ssl: false };
  try {
    await using kafka = await connect({ settings, onNotice: () => {} });
    return (await kafka.brokers()).length > 0 || undefined;
  } catch {
    return undefined;
  }
}
