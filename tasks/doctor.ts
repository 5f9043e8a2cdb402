/** `deno task doctor`: what is fine, what is not, and the one fix; one line each. */
import type { Finding } from "../lib/cluster/mod.ts";
import { door, open } from "./_door.ts";
import { examine } from "./_examine.ts";

await open(
  door(
    "doctor",
    "Looks at this machine, the brokers and the registry. Exit code 0 when all is fine.",
  )
    .option("--json", "JSON lines on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      for (const finding of findings) console.log(json ? JSON.stringify(finding) : line(finding));
      if (findings.some(({ ok }) => !ok)) Deno.exit(1);
    }),
);

function line({ topic, ok, says, fix }: Finding): string {
  return `${ok ? "✓" : "✗"} ${topic.padEnd(12)} ${says}${fix ? ` → ${fix}` : ""}`;
}
