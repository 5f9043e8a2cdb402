/** How soon a worker with a large table is back at work. */
import { fileURLToPath } from "node:url";
import { withCluster } from "../tasks/_world.ts";
import { type Bench, type Figure, figure } from "./comparison.ts";

const ROUNDS = 3;

/** What `restore_run.ts` prints. */
interface Start {
  readonly ms: number;
  readonly restored: number;
  readonly rows: number;
}

/** A changelog of 1,000,000 records over 100,000 keys, on a cluster of its own. */
export const restore: Bench = {
  name: "restore",
  about:
    "starts a worker whose table has 1,000,000 changelog records, until the next record counts",
  run: measure,
};

async function* measure(): AsyncGenerator<Figure> {
  const directory = await Deno.makeTempDir();
  try {
    const figures = await withCluster(async (world) => {
      const run = (what: string) => start([what, "restore", directory], world);
      await run("fill");
      const memory: Start[] = [], disk: Start[] = [];
      for (let round = 0; round < ROUNDS; round++) memory.push((await run("memory"))!);
      // The first fills the file; a restart is what counts.
      await run("sqlite");
      for (let round = 0; round < ROUNDS; round++) disk.push((await run("sqlite"))!);
      return [of("all of it, in memory", memory), of("the rest, rows on disk", disk)];
    });
    yield* figures;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function of(what: string, starts: readonly Start[]): Figure {
  return figure("restore", what, starts.map(({ ms }) => ms));
}

async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Start | undefined> {
  const script = fileURLToPath(new URL("./restore_run.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args],
    env: { ...env },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`Cannot measure a restore: ${text(stderr)}`);
  return stdout.length > 0 ? JSON.parse(text(stdout)) : undefined;
}
