/** `deno task down`: stops what `up` started; data stays. */
import { down } from "../lib/cluster/mod.ts";
import { door, open } from "./_door.ts";
import { sayer } from "./_progress.ts";

await open(
  door("down", "Stops Kafka and the registry. Topics and schemas stay.")
    .option("--json", "JSON lines on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const stopped = await down({ progress: sayer({ json: json ?? false }) });
      if (json) console.log(JSON.stringify({ event: "down", stopped }));
      else console.log(stopped ? "Stopped. Topics and schemas stay." : "Nothing was running.");
    }),
);
