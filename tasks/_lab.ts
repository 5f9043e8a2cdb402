/**
 * JupyterLab, Kafka and the Control Center of `deno task lab`, and their end.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";
import {
  clusterConfig,
  type ClusterSize,
  down,
  isFree,
  ownerInWords,
  portOwner,
  status,
  up,
} from "../lib/cluster/mod.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { type ControlCenter, startControlCenter } from "../lib/control_center/mod.ts";
import { connect } from "../lib/kafka/mod.ts";
import { type Lab, startLab } from "../lib/lab/mod.ts";
import { kafkaSettings, ports, publicUrls, registrySettings } from "../lib/settings/mod.ts";
import { controlCenterInWords } from "./_control_center.ts";
import { door, open, port } from "./_door.ts";
import { type Said, sayer } from "./_progress.ts";
import { endSignals } from "./_stop.ts";

interface Flags {
  readonly port: number;
  readonly browser: boolean;
  readonly listen?: string;
  readonly controlCenter: boolean;
  readonly brokers?: ClusterSize;
}

await open(
  door("lab", "Opens JupyterLab on the course; sets everything up the first time. Ctrl-C ends it.")
    .option("--port <n>", "JupyterLab's port on this machine", port, ports().lab)
    .option("--no-browser", "print the address and open no browser")
    .option("--listen <address>", "address to listen on, for containers (127.0.0.1 if not set)")
    .option("--no-control-center", "start no Control Center: another container does")
    .option(
      "--from <pack>",
      "file or address that deno task pack made: nothing is downloaded from elsewhere",
    )
    .option("--brokers <n>", "how many Kafka brokers: 1 or 3", oneOrThree)
    .action(lab),
).then(() => Deno.exit());

async function lab(flags: Flags): Promise<void> {
  const say = sayer();
  const stopped = untilStopped();
  await checkPort(flags.port);
  // The Control Center, in a process of its own, lets pages of this port show its lanes.
  Deno.env.set("TAXI_LAB_PORT", `${flags.port}`);
  const endsKafka = (await status()).phase === "stopped" && !usesAnother();
  let lab: Lab | undefined, center: ControlCenter | undefined;
  try {
    const started = await Promise.race([start(flags, say), stopped]);
    if (started === undefined) return;
    lab = started.lab;
    center = flags.controlCenter ? await otherClustersPage() : undefined;
    console.log(`JupyterLab: ${lab.url}`);
    console.log(`Control Center: ${await pageInWords(flags, started.brokers)}`);
    if (flags.browser) await lab.browse();
    say({ text: `Ctrl-C here ends JupyterLab${endsKafka ? " and Kafka" : ""}` });
    await Promise.race([lab.ended, stopped]);
  } finally {
    say({ text: "Stopping" });
    await center?.close();
    await lab?.stop();
    if (endsKafka) await down({ progress: say });
  }
}

/** Where a browser finds the Control Center. */
async function pageInWords(
  { controlCenter }: Flags,
  brokers: readonly string[],
): Promise<string> {
  const port = ports().controlCenter, known = publicUrls().controlCenter;
  if (known !== null) return known.href;
  if (!controlCenter) return `http://127.0.0.1:${port}`;
  return await controlCenterInWords(port, { brokers, ...(usesAnother() && { clusterId }) });
}

/** Kafka is fetched and started while JupyterLab is installed and started. */
async function start(flags: Flags, say: (said: Said) => void) {
  const bar = together(say);
  const [cluster, lab] = await Promise.all([
    up({
      progress: bar("kafka"),
      controlCenterPort: ports().controlCenter,
      endsWithUs: true,
      ...(flags.brokers && { brokers: flags.brokers }),
    }),
    startLab({
      port: flags.port,
      publicUrl: publicUrls().lab,
      ...(flags.listen !== undefined && { listen: flags.listen }),
      progress: bar("python"),
    }),
  ]);
  for (const warning of cluster.warnings) say({ text: `! ${warning}` });
  return { lab, brokers: cluster.brokers };
}

/** The page of a cluster that is not ours: no supervisor opens one beside it. Where its port is taken, there is none. */
async function otherClustersPage(): Promise<ControlCenter | undefined> {
  const { controlCenter: port, lab: labPort } = ports();
  if (!usesAnother() || !await isFree(port)) return undefined;
  const registry = schemaRegistry(registrySettings());
  const { controlCenter: publicUrl, lab: labUrl } = publicUrls();
  return await startControlCenter({
    ...{ port, publicUrl, labPort, labUrl, registry },
    kafka: kafkaSettings(),
  });
}

async function clusterId(): Promise<string | null> {
  await using kafka = await connect({ onNotice: () => {} });
  return await kafka.clusterId();
}

/** Whether nothing of the cluster is ours to start. */
function usesAnother(): boolean {
  const { otherKafka, otherRegistry } = clusterConfig();
  return otherKafka !== undefined && otherRegistry !== undefined;
}

/** Makes one bar of two set-ups that run at the same time. */
function together(say: (said: Said) => void): (part: "kafka" | "python") => (said: Said) => void {
  const done = new Map<string, number>();
  return (part) => ({ text, fraction }) => {
    if (fraction === undefined) return say({ text });
    done.set(part, fraction);
    const sum = done.values().reduce((total, one) => total + one, 0);
    say({ text: "Setting up", fraction: sum / done.size });
  };
}

async function checkPort(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new Error(
    `Cannot open JupyterLab: port ${port} is taken ${ownerInWords(await portOwner(port))} ` +
      `(end it, or add "--port ${port + 1}")`,
  );
}

/** Resolves when the terminal asks this process to end, or is closed. */
function untilStopped(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const signals = new Set([...endSignals().map(([name]) => name), "SIGHUP"] as const);
  for (const signal of signals) Deno.addSignalListener(signal, () => resolve(undefined));
  return promise;
}

function oneOrThree(text: string): ClusterSize {
  if (text === "1" || text === "3") return Number(text) as ClusterSize;
  throw new InvalidArgumentError("It must be 1 or 3.");
}
