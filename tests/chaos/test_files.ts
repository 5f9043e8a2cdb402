import { fileURLToPath } from "node:url";
import type { Outcome } from "./row.ts";

/** Runs test files that do and judge faults of their own; each test that fails is an anomaly. */
export async function failedTests(files: readonly string[], filter?: string): Promise<Outcome> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--no-check",
      "--lock=tests/deno.lock",
      ...(filter ? [`--filter=${filter}`] : []),
      ...files,
    ],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout), tests = Number(text.match(/(\d+) passed/)?.[1]);
  const lines = text.split("\n").filter((line) => / \.\.\. FAILED/.test(line));
  const failed = success || lines.length > 0 ? lines : [new TextDecoder().decode(stderr)];
  return {
    anomalies: failed.map((detail) => ({ kind: "wrong answer", detail: detail.slice(0, 500) })),
    figures: { "tests passed": tests },
  };
}
