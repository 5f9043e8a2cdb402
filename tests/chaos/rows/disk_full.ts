import { producer } from "../../../lib/kafka/mod.ts";
import { app, string, topic } from "../../../lib/streams/mod.ts";
import {
  drain,
  resetApplication,
  rowsOf,
  sqliteStores,
  Worker,
} from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const KEYS = 20_000;

/** R28: the disk under a worker's tables is full; what a broker does on a full disk is in R18. */
export const diskFull: Row = {
  id: "R28",
  name: "disk-full",
  about:
    "the file system of a worker's tables is full (only root can make a small one): the worker ends and says so, and " +
    "with more room every count is exact",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, { mended: true }),
  control: {
    about: "no room is made: the table is never finished",
    finds: ["stuck"],
    run: (trial) => run(trial, { mended: false }),
  },
};

async function run(
  { cluster: { kafka }, round, tell }: Trial,
  { mended }: { readonly mended: boolean },
): Promise<Outcome> {
  const name = `full.${crypto.randomUUID().slice(0, 8)}`, anomalies: Anomaly[] = [];
  const directory = await Deno.makeTempDir({ prefix: "taxi-full-" });
  const counts = app(name), guarantee = round % 2 === 0 ? "exactly-once" : "at-least-once";
  counts.stream(topic(`${name}.in`, { key: string, value: string })).groupByKey().count("by-key");
  await kafka.topics.create(`${name}.in`, { partitions: 1 });
  await mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", directory);
  const work = async () => {
    const stores = sqliteStores({ directory });
    const worker = await Worker.start(kafka, counts.topology(), { guarantee, stores });
    try {
      await drain(worker);
      return new Map([...rowsOf(worker, "by-key")].map(({ key, value }) => [key, value]));
    } finally {
      await worker.stop();
    }
  };
  try {
    await using out = producer(kafka, { key: string, value: string });
    await out.send(
      `${name}.in`,
      Array.from({ length: KEYS }, (_, n) => ({ key: `${n}`, value: "x" })),
    );
    const why = await work().then(() => "it found room", (error: Error) => error.message);
    tell(why);
    if (!/Cannot keep tables in .*full/.test(why)) {
      anomalies.push({ kind: "unclear error", detail: why });
    }
    if (mended) await mount("-o", "remount,size=64m", directory);
    const rows = await work().catch(() => undefined);
    if (!rows) anomalies.push({ kind: "stuck", detail: "it ended again" });
    const wrong = [...rows ?? []].filter(([, count]) => count !== 1).length;
    if (rows && (rows.size !== KEYS || guarantee === "exactly-once" && wrong > 0)) {
      anomalies.push({ kind: "inconsistent count", detail: `${rows.size} keys, ${wrong} wrong` });
    }
    return { anomalies, figures: { keys: rows?.size ?? 0 } };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete(`${name}.in`);
    await new Deno.Command("umount", { args: [directory] }).output();
    await Deno.remove(directory, { recursive: true });
  }
}

async function mount(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("mount", { args: [...args] }).output();
  if (!success) {
    throw new Error(`Cannot mount: ${new TextDecoder().decode(stderr)} (run it as root)`);
  }
}
