/** `deno task control-center`: the web page about the cluster. */
import { sleep } from "../lib/async/mod.ts";
import { Option } from "commander";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { startControlCenter } from "../lib/control_center/mod.ts";
import { kafkaSettings, ports, publicUrls, registrySettings } from "../lib/settings/mod.ts";
import { door, open, port } from "./_door.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly port: number;
  readonly listen?: string;
  readonly withParent?: boolean;
  readonly software?: string;
  readonly registryDoor?: number;
}

await open(
  door("control-center", "Shows the cluster as a web page, on this machine alone. Ctrl-C ends it.")
    .option("--port <n>", "port on this machine", port, ports().controlCenter)
    .option(
      "--listen <address>",
      "address to listen on, for containers (both of localhost if not set)",
    )
    .addOption(new Option("--with-parent", "end when the input is closed").hideHelp())
    .addOption(new Option("--software <text>", "versions of Kafka and registry").hideHelp())
    .addOption(
      new Option("--registry-door <port>", "also guard the registry, in a container")
        .argParser(port).hideHelp(),
    )
    .action(async ({ port, listen, withParent, software, registryDoor }: Flags) => {
      const stop = stopOnSignals();
      const center = await startControlCenter({
        port,
        ...(listen !== undefined && { hostname: listen }),
        kafka: kafkaSettings(),
        registry: schemaRegistry(registrySettings()),
        labPort: ports().lab,
        publicUrl: publicUrls().controlCenter,
        labUrl: publicUrls().lab,
        ...(software ? { software } : {}),
      });
      if (registryDoor !== undefined) {
        const { RegistryProxy } = await import("../lib/cluster/mod.ts");
        const proxy = new RegistryProxy(registryDoor, listen);
        proxy.leadsTo({ origin: new URL(registrySettings().url).origin });
      }
      console.log(`Control Center: ${center.url}`);
      await Promise.race([center.ended, stop.told, ...(withParent ? [inputEnds()] : [])]);
      await Promise.race([center.close(), sleep(1_000)]);
      Deno.exit(0);
    }),
);

/** Resolves when whoever started this process has ended. */
async function inputEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}
