/** How soon a worker with a large table is back at work. */
import { fileURLToPath } from "node:url";
import type { Bench, BenchOptions } from "../bench.ts";
import { type Figure, figure } from "../comparison.ts";

/** What `restore_run.ts` prints. */
interface Start {
  readonly ms: number;
  readonly restored: number;
  readonly rows: number;
}

/** A changelog of 1,000,000 records over 100,000 keys. */
export const restore: Bench = {
  name: "restore",
  about:
    "starts a worker whose table has 1,000,000 changelog records, until the next record counts",
  run: measure,
};

async function* measure({ ground, rounds }: BenchOptions): AsyncGenerator<Figure> {
  const { brokers, drop } = await ground(), directory = await Deno.makeTempDir();
  try {
    const run = (what: string) => start([what, "restore", directory], brokers);
    await run("fill");
    const memory: Start[] = [], disk: Start[] = [];
    // The first fills the file; a restart is what counts.
    await run("sqlite");
    for (let round = 0; round < rounds; round++) {
      memory.push((await run("memory"))!);
      disk.push((await run("sqlite"))!);
    }
    yield of("all of it, in memory", memory);
    yield of("the rest, rows on disk", disk);
  } finally {
    await drop("restore");
    await Deno.remove(directory, { recursive: true });
  }
}

function of(what: string, starts: readonly Start[]): Figure {
  return figure({ bench: "restore", what }, starts.map(({ ms }) => ms));
}

async function start(
  args: readonly string[],
  brokers: string,
): Promise<Start | undefined> {
  const script = fileURLToPath(new URL("./restore_run.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args],
    env: { KAFKA_BROKERS: brokers },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`Cannot measure a restore: ${text(stderr)}`);
  return stdout.length > 0 ? JSON.parse(text(stdout)) : undefined;
}
