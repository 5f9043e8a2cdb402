/** `deno task bench`: measures ours beside its peers, in the same run. */
import { BENCHES, chosen } from "../bench/benches.ts";
import { type Ground, openGround } from "../bench/ground.ts";
import { killPrograms } from "../bench/probe/start.ts";
import { sentence, table } from "../bench/report.ts";
import { callerPath, door, open, wholeNumber } from "./_door.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly json?: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly table?: string;
}

await open(
  door("bench", "Measures ours beside its peers, interleaved in one run.")
    .argument(
      "[name...]",
      `which ones (default: all): ${BENCHES.map(({ name }) => name).join(", ")}`,
    )
    .allowExcessArguments(true)
    .option("--json", "JSON lines on stdout")
    .option("--rounds <n>", "how often everyone takes a turn", wholeNumber(1), 3)
    .option("--seconds <n>", "how long what is left open is watched", wholeNumber(1), 30)
    .option("--table <file>", "measures nothing: shows the JSON lines of a file as a table")
    .action(async (names: string[], flags: Flags) => {
      if (flags.table !== undefined) return console.log(await tableOf(callerPath(flags.table)));
      await measure(names, flags);
      // A peer's client may keep a socket.
      Deno.exit(0);
    }),
);

async function measure(names: readonly string[], { json, rounds, seconds }: Flags): Promise<void> {
  const say = json ? console.error : console.log, benches = chosen(names);
  await using stack = new AsyncDisposableStack();
  let opened: Promise<Ground> | undefined;
  const ground = () => opened ??= openGround().then((one) => stack.use(one));
  const stop = stopOnSignals();
  stop.signal.addEventListener("abort", async () => {
    killPrograms();
    await (await opened)?.[Symbol.asyncDispose]();
    Deno.exit(stop.exitCode());
  });
  for (const bench of benches) {
    say(`${bench.name}: ${bench.about}`);
    for await (const line of bench.run({ ground, rounds, seconds })) {
      console.log(json ? JSON.stringify(line) : sentence(line));
    }
  }
}

async function tableOf(path: string): Promise<string> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line.startsWith("{"));
  return table(lines.map((line) => JSON.parse(line)));
}
