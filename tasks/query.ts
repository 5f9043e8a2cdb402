/** `deno task query APP TABLE KEY`: the row of a key, from whichever worker has it. */
import { type ProgramName, PROGRAMS } from "../apps/programs.ts";
import { connect } from "../lib/kafka/mod.ts";
import { askApp, knownApps, serversOf, statusOf } from "./_query_app.ts";
import { door, open } from "./_door.ts";
import { plain, plainJson } from "./_plain.ts";

const WAIT_MS = 3_000;

await open(
  door("query", "Asks the running workers of a streams app for a key of one of its tables.")
    .argument("<app>", `an app's id, or a program's name: ${Object.keys(PROGRAMS).join(", ")}`)
    .argument("<table>", "name of the table")
    .argument("<key>", "the key, as JSON or as text")
    .option("--json", "JSON lines on stdout")
    .addHelpText("after", "\nTAXI_QUERY_TOKEN: the token, where the workers ask for one.")
    .action(
      async (name: string, table: string, key: string, flags: { readonly json?: boolean }) => {
        const app = name in PROGRAMS
          ? PROGRAMS[name as ProgramName].build(undefined, { time: "record" }).id
          : name;
        await using kafka = await connect();
        const status = await statusOf(kafka, app);
        const servers = serversOf(app, status, {
          apps: status ? [] : await knownApps(kafka),
          nowMs: Date.now(),
          host: Deno.hostname(),
        });
        const late = setTimeout(
          () => console.error("waits for the task that has the key: the group rebalances"),
          WAIT_MS,
        );
        const token = Deno.env.get("TAXI_QUERY_TOKEN");
        const rows = await askApp(servers, { app, table, key, token })
          .finally(() => clearTimeout(late));
        if (rows.length === 0) {
          throw new Error(`Cannot find ${key} in table "${table}" of "${app}": it has no such key`);
        }
        for (const { key, window, value, timestamp, task } of rows) {
          const row = { table, key, ...(window ? { window } : {}), value, timestamp, task };
          const span = window ? `  [${time(window.start)}, ${time(window.end)})` : "";
          console.log(
            flags.json
              ? plainJson(row)
              : `${plainJson(key)}${span}  ${plainJson(value)}  as of ${time(timestamp)}, task ${
                plain(task)
              }`,
          );
        }
      },
    ),
);

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
