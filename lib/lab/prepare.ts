import {
  here,
  isBusy,
  openOwnFolder,
  type Platform,
  replaceFile,
  whileBusy,
} from "../platform/mod.ts";
import {
  type JsonObject,
  kernelSpec,
  LAB_STYLE,
  labSettings,
  type ServerChoices,
  serverConfig,
} from "./jupyter_files.ts";

/** Writes everything that JupyterLab reads at its start. The same answer each time: safe to repeat. */
export async function prepareFiles(
  choices: ServerChoices,
  platform: Platform = here,
): Promise<void> {
  const { places, deno } = choices;
  // JupyterLab runs what lies in these: nobody else may have put it there.
  const { state, jupyter, bin, config, data, runtime, virtualDocuments } = places;
  for (const folder of [state, jupyter, bin, config, data, runtime, virtualDocuments]) {
    await openOwnFolder(folder, {
      purpose: "keep JupyterLab's files",
      variable: "TAXI_STATE",
      platform,
    });
  }
  await provideDeno(places.bin, deno, platform);
  const share = `${places.venv}/share/jupyter`;
  await writeJson(`${share}/kernels/deno/kernel.json`, kernelSpec(deno));
  await writeJson(`${share}/lab/settings/overrides.json`, labSettings());
  await Deno.mkdir(`${places.config}/custom`, { recursive: true, mode: 0o700 });
  replaceFile(`${places.config}/custom/custom.css`, LAB_STYLE);
  await writeJson(
    `${places.config}/jupyter_server_config.json`,
    serverConfig(choices, platform),
    0o600,
  );
}

/** Another lab that reads it now sees the old or the new, never a half. */
async function writeJson(path: string, value: JsonObject, mode = 0o644): Promise<void> {
  await Deno.mkdir(path.replace(/[/\\][^/\\]+$/, ""), { recursive: true });
  replaceFile(path, JSON.stringify(value, null, 2) + "\n", { mode });
}

/** Terminals in JupyterLab find `deno` although it may be known only to `npx`. */
export async function provideDeno(
  bin: string,
  deno: string,
  { os }: Pick<Platform, "os"> = here,
): Promise<void> {
  if (os === "windows") return await sameProgram(`${bin}/deno.exe`, deno);
  const link = `${bin}/deno`;
  if (await Deno.readLink(link).catch(() => "") === deno) return;
  const draft = `${link}.${Deno.pid}`;
  await Deno.symlink(deno, draft);
  await Deno.rename(draft, link);
}

/**
 * A second name of the program, or a copy where it lies on another drive. Not a batch file: cmd reads those in an older
 * encoding, so that it finds nothing below a folder named Müller, and asks back at Ctrl-C. Not a symbolic link: those
 * need administrators.
 */
async function sameProgram(name: string, program: string): Promise<void> {
  const [there, wanted] = await Promise.all([
    Deno.stat(name).catch(() => null),
    Deno.stat(program),
  ]);
  if (there?.size === wanted.size) return;
  try {
    if (there !== null) await whileBusy(() => Deno.remove(name));
  } catch (error) {
    if (isBusy(error)) return; // a terminal of another lab runs the older one
    throw error;
  }
  await Deno.link(program, name).catch(() => Deno.copyFile(program, name));
}
