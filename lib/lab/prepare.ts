import {
  type JsonObject,
  kernelSpec,
  labSettings,
  type ServerChoices,
  serverConfig,
} from "./jupyter_files.ts";

/** Writes everything that JupyterLab reads at its start. The same answer each time: safe to repeat. */
export async function prepareFiles(choices: ServerChoices): Promise<void> {
  const { places, deno } = choices;
  for (const folder of [places.config, places.data, places.runtime, places.virtualDocuments]) {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await Deno.mkdir(places.bin, { recursive: true });
  await linkDeno(places.bin, deno);
  const share = `${places.venv}/share/jupyter`;
  await writeJson(`${share}/kernels/deno/kernel.json`, kernelSpec(deno));
  await writeJson(`${share}/lab/settings/overrides.json`, labSettings());
  await writeJson(`${places.config}/jupyter_server_config.json`, serverConfig(choices), 0o600);
}

/** Written beside and renamed: another lab that reads it now sees the old or the new, never a half. */
async function writeJson(path: string, value: JsonObject, mode = 0o644): Promise<void> {
  await Deno.mkdir(path.replace(/[/\\][^/\\]+$/, ""), { recursive: true });
  const draft = `${path}.${Deno.pid}`;
  await Deno.writeTextFile(draft, JSON.stringify(value, null, 2) + "\n", { mode, create: true });
  await Deno.rename(draft, path);
}

/** Terminals in JupyterLab find `deno` although it may be known only to `npx`. */
async function linkDeno(bin: string, deno: string): Promise<void> {
  if (Deno.build.os === "windows") {
    return await Deno.writeTextFile(`${bin}/deno.cmd`, `@"${deno}" %*\r\n`);
  }
  const link = `${bin}/deno`;
  if (await Deno.readLink(link).catch(() => "") === deno) return;
  const draft = `${link}.${Deno.pid}`;
  await Deno.symlink(deno, draft);
  await Deno.rename(draft, link);
}
