/** `deno task lab`: JupyterLab open on the course, everything it needs set up and running. */
import { startLab } from "../lib/lab/mod.ts";
import { ports } from "../lib/settings/mod.ts";
import { door, open, wholeNumber } from "./_door.ts";

await open(
  door("lab", "Opens JupyterLab on the course; sets everything up the first time. Ctrl-C ends it.")
    .option("--port <n>", "JupyterLab's port on this machine", wholeNumber(1), ports().lab)
    .option("--no-browser", "print the address and open no browser")
    .action(async (flags: { port: number; browser: boolean }) => {
      const stopped = untilStopped();
      const lab = await startLab({
        port: flags.port,
        openBrowser: flags.browser,
        progress: (line) => console.error(line),
      });
      console.log(`JupyterLab: ${lab.url}`);
      console.error("Ctrl-C in this terminal ends it.");
      await Promise.race([stopped, lab.ended]);
      await lab.stop();
      Deno.exit(0);
    }),
);

/** Resolves when the terminal asks this process to end. */
function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of Deno.build.os === "windows" ? ["SIGINT" as const] : signals) {
    Deno.addSignalListener(signal, () => resolve());
  }
  return promise;
}
