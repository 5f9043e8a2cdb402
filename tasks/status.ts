/** `deno task status`: what runs, where, since which version. */
import { type ProcessStatus, status } from "../lib/cluster/mod.ts";
import { askKafka } from "./_ask_kafka.ts";
import { door, open } from "./_door.ts";

await open(
  door("status", "Says what of the local cluster runs. Exit code 0 when all of it does.")
    .option("--json", "one JSON line on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const now = await status();
      const found = now.up ? await askKafka() : [], kafka = found.find(({ ok }) => !ok) ?? found[0];
      if (json) console.log(JSON.stringify({ event: "status", ...now, ...(kafka && { kafka }) }));
      else {
        for (const process of now.processes) console.log(line(process));
        for (const warning of now.warnings) console.log(`! ${warning}`);
        if (kafka) {
          console.log(`${kafka.ok ? "✓" : "✗"} ${kafka.says}${kafka.fix ? ` → ${kafka.fix}` : ""}`);
        }
        console.log(
          now.up
            ? `up: brokers ${now.brokers.join(", ")} · registry ${now.registry}`
            : `${now.phase === "running" ? "not all of it is up" : now.phase} (run "deno task up")`,
        );
      }
      if (!now.up || kafka?.ok === false) Deno.exit(1);
    }),
);

function line({ name, state, port, pid, version, memoryBytes, why }: ProcessStatus): string {
  const facts = [
    port && `port ${port}`,
    pid && `pid ${pid}`,
    version,
    memoryBytes && `${Math.round(memoryBytes / 1e6)} MB`,
  ].filter((fact) => fact);
  return `${name.padEnd(10)} ${state.padEnd(9)} ${facts.join(" · ")}${why ? ` — ${why}` : ""}`;
}
