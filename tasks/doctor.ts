/** `deno task doctor`: what is fine, what is not, and the one fix; one line each. */
import { diagnose, type Finding, NOT_RUNNING } from "../lib/cluster/mod.ts";
import { askKafka } from "./_ask_kafka.ts";
import { door, open } from "./_door.ts";

await open(
  door("doctor", "Looks at everything the local cluster needs. Exit code 0 when all is fine.")
    .option("--json", "JSON lines on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const found = await diagnose();
      const asks = found.find(({ topic, ok, says }) =>
        topic === "brokers" && ok && says !== NOT_RUNNING
      );
      const answer = asks && await askKafka();
      const findings = found.map((one) => one === asks ? answer! : one);
      for (const finding of findings) console.log(json ? JSON.stringify(finding) : line(finding));
      if (findings.some(({ ok }) => !ok)) Deno.exit(1);
    }),
);

function line({ topic, ok, says, fix }: Finding): string {
  return `${ok ? "✓" : "✗"} ${topic.padEnd(12)} ${says}${fix ? ` → ${fix}` : ""}`;
}
