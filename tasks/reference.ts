/** `deno task reference`: the API reference of the public rooms as a folder of HTML pages. */
import { fileURLToPath } from "node:url";
import { denoDoc, entry, PUBLIC_ROOMS } from "./_documentation.ts";
import { callerPath, door, open } from "./_door.ts";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

await open(
  door("reference", "Writes the API reference of the public rooms as HTML; needs no network.")
    .argument("[folder]", "where to write it; what is there is overwritten", "dist/reference")
    .action(async (folder: string, _flags, command) => {
      const named = command.args.length > 0;
      const output = named ? callerPath(folder) : `${CHECKOUT}${folder}`;
      await Deno.mkdir(output, { recursive: true }).catch((error) => fail(folder, error.message));
      const { success, errors } = await denoDoc(
        "--html",
        "--name=Taxi Streams",
        `--output=${output}`,
        ...PUBLIC_ROOMS.map(entry),
      );
      if (!success) {
        const why = errors.split("\n").find((line) => line.startsWith("error")) ?? errors.trim();
        fail(folder, why.replace(/^error: /, ""));
      }
      console.log(`The reference begins at ${output}/index.html`);
    }),
);

function fail(folder: string, why: string): never {
  throw new Error(`Cannot write the reference to "${folder}": ${why} (name another folder)`);
}
