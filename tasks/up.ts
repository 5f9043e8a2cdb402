/** `deno task up`: the local Kafka and registry, in the background. */
import { InvalidArgumentError } from "commander";
import { type ClusterSize, up } from "../lib/cluster/mod.ts";
import { ports } from "../lib/settings/mod.ts";
import { controlCenterInWords } from "./_control_center.ts";
import { door, open } from "./_door.ts";
import { sayer } from "./_progress.ts";

await open(
  door("up", "Starts Kafka and the schema registry in the background and waits until both answer.")
    .option("--brokers <n>", "how many brokers: 1 or 3 (each keeps its own data)", oneOrThree)
    .option("--json", "JSON lines on stdout")
    .action(async ({ brokers, json }: { brokers?: ClusterSize; json?: boolean }) => {
      const say = sayer({ json: json ?? false });
      const interrupted = new AbortController();
      Deno.addSignalListener("SIGINT", () => {
        if (!interrupted.signal.aborted) say({ text: "Stopping what was started" });
        interrupted.abort(new Error("Cannot go on: Ctrl-C was pressed (run it again any time)"));
      });
      const result = await up({
        progress: say,
        signal: interrupted.signal,
        controlCenterPort: ports().controlCenter,
        ...(brokers && { brokers }),
      });
      if (json) return console.log(JSON.stringify({ event: "up", ...result }));
      for (const warning of result.warnings) console.error(`! ${warning}`);
      console.log(`${result.started ? "Kafka is up" : "Kafka was up already"}`);
      console.log(`  brokers   ${result.brokers.join(", ")}`);
      console.log(`  registry  ${result.registry}`);
      const page = await controlCenterInWords(ports().controlCenter, {
        brokers: result.brokers,
        waitMs: result.started ? 5_000 : 0,
      });
      console.log(`  Control Center  ${page}`);
      console.log(`Next: deno task status · deno task down stops it, data stays`);
    }),
);
// The listener for Ctrl-C would keep this process alive.
Deno.exit();

function oneOrThree(text: string): ClusterSize {
  if (text === "1" || text === "3") return Number(text) as ClusterSize;
  throw new InvalidArgumentError("It must be 1 or 3.");
}
