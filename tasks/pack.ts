/** `deno task pack`: everything that a start downloads, as one file for a room without a network. */
import { InvalidArgumentError } from "commander";
import { PACK_PLATFORMS, type PackPlatform, packPlatform } from "../lib/pack/mod.ts";
import { here } from "../lib/platform/mod.ts";
import { callerPath, door, open } from "./_door.ts";
import { makePack } from "./_pack.ts";
import { sayer } from "./_progress.ts";
import { servePack } from "./_serve_pack.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly platform?: PackPlatform;
  readonly serve?: { readonly hostname: string; readonly port: number };
}

await open(
  door(
    "pack",
    "Puts everything that a start downloads into one file; deno run -A tasks/lab.ts --from FILE starts from it.",
  )
    .argument("<file>", "the pack; with --serve one that is there is handed out as it is")
    .option("--platform <name>", `for which system: ${PACK_PLATFORMS.join(", ")}`, platformName)
    .option("--serve <address>", "hand it to the room, as in 192.168.1.5:9300", address)
    .action(async (named: string, { platform, serve }: Flags) => {
      const file = callerPath(named), stop = serve && stopOnSignals();
      if (serve === undefined || !await isThere(file)) {
        const bytes = await makePack(file, { platform: platform ?? ours(), say: sayer() });
        console.log(`${file}: ${Math.round(bytes / 1e6)} MB`);
      }
      if (serve === undefined || stop === undefined) {
        console.log(`Start from it: deno run -A tasks/lab.ts --from ${named}`);
        return;
      }
      const server = servePack({ file, ...serve });
      console.log("Everybody who can reach this machine can read it, until Ctrl-C:");
      for (const url of server.addresses) console.log(`  deno run -A tasks/lab.ts --from ${url}`);
      await stop.told;
      Deno.exit(0); // not after those who still read
    }),
);

function platformName(text: string): PackPlatform {
  const found = PACK_PLATFORMS.find((one) => one === text);
  if (found) return found;
  throw new InvalidArgumentError(`It must be one of ${PACK_PLATFORMS.join(", ")}.`);
}

function address(text: string): { readonly hostname: string; readonly port: number } {
  const [, hostname, port] = text.match(/^([\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i) ?? [];
  if (hostname !== undefined && Number(port) < 65_536) return { hostname, port: Number(port) };
  throw new InvalidArgumentError("It must be an address of this machine, as in 192.168.1.5:9300.");
}

function ours(): PackPlatform {
  const found = packPlatform(here.os, Deno.build.arch);
  if (found !== null) return found;
  throw new Error(
    `Cannot make a pack for this system: there is none for it (add "--platform ${
      PACK_PLATFORMS[0]
    }" to make one for another)`,
  );
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
