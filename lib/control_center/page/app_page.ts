// One streams application: its topology with what flows through it, its tables, its workers.
import type { AppPage as Contract, AppTask, Snapshot } from "../contract.ts";
import {
  colour,
  count,
  eventTime,
  Head,
  html,
  many,
  moment,
  plural,
  to,
  useAnswer,
} from "./parts.ts";
import { appTag } from "./apps.ts";
import { Journey } from "./journey.ts";
import { Large } from "./projector.ts";
import { TableRows } from "./table_rows.ts";
import { Topology } from "./topology.ts";

/** What the server says of the application. */
type View = Contract;

export interface AppPageProps {
  readonly app: string;
  /** Name of the table whose rows are shown. */
  readonly table: string | undefined;
  readonly now: Snapshot;
}

export function AppPage({ app, table, now }: AppPageProps) {
  const { value: page, error } = useAnswer<View | null>(
    `/apps/${encodeURIComponent(app)}`,
    { everyMs: 1_000 },
  );
  const crumbs = [["Streams apps", "#/apps"]];
  const listed = now.apps.some((one) => one.app === app);
  if (!page || (error && !listed)) {
    const missing = page === null && !listed && "There is no application of this name";
    return html`
      <${Head} crumbs=${crumbs} title=${app} />
      <p class="card">
        ${error ?? (missing || "Reading …")} <a href="#/apps">All streams apps</a>
      </p>
    `;
  }
  const topics = new Set(now.topics.map(({ topic }) => topic));
  const boxes = page.boxes.map((box) => ({
    ...box,
    known: topics.has(box.label),
    ...(box.kind === "store" ? rowsOf(page, box) : {}),
  }));
  return html`
    <${Head} crumbs=${crumbs} title=${app}>
      ${appTag(page.state)} ${page.guarantee && html`<span class="tag">${page.guarantee}</span>`}
    </${Head}>
    <${Facts} page=${page} />
    <section class="card" aria-label="Topology" data-picture="topology">
      <div class="row between"><h2>Topology</h2><${Large} name="topology" words="Topology" /></div>
      <${Topology} page=${{ ...page, boxes }} />
      <p class="note">Records a second over the last five seconds; lag is what the group has not committed yet.</p>
    </section>
    <${Tables} page=${page} chosen=${table} />
    ${table && page.tables.some((one) => one.name === table) && html`
      <${TableRows} key=${table} app=${app} table=${page.tables.find((one) =>
        one.name === table
      )} timeOf=${(partition: number) => timeOf(page, table, partition)}
        late=${page.drops.flatMap(({ latest }) => latest ?? []).at(0) ?? null} />
    `}
    <${Journey} app=${app} />
    <${Workers} page=${page} />
    <${Drops} page=${page} />
  `;
}

/** Stream time of the task that keeps this part of a table; null where no worker has it. */
function timeOf({ owned }: View, table: string, partition: number): number | null {
  const task = owned.find((one) =>
    one.stores.includes(table) && one.task.endsWith(`_${partition}`)
  );
  return task && task.streamTimeMs >= 0 ? task.streamTimeMs : null;
}

/** The table behind a box, whose label may say that it is global. */
function rowsOf({ tables }: View, { id }: { readonly id: string }) {
  const table = tables.find(({ name }) => id === `store ${name}`);
  return { table: table?.name, rows: table?.rows ?? null };
}

function Facts({ page }: { readonly page: View }) {
  const fact = (number: number | null, words: string) =>
    html`<div class="fact"><b>${count(number)}</b><span>${words}</span></div>`;
  const counted = (number: number | null, word: string) => fact(number, plural(number, word));
  return html`
    <section class="card facts" aria-label="Facts">
      ${counted(page.workers, "worker")}
      ${counted(page.tasks, "task")}
      ${fact(page.perSecond, "records a second")} ${fact(page.lag, "lag")}
      ${counted(page.late, "late record")}
    </section>
  `;
}

function Tables({ page, chosen }: { readonly page: View; readonly chosen: string | undefined }) {
  if (page.tables.length === 0) return "";
  return html`
    <section class="card">
      <h2>Tables</h2>
      <div class="scroll">
        <table class="stack">
          <thead>
            <tr>
              <th>Table</th>
              <th>Kind</th>
              <th class="num">Rows</th>
              <th>Kept in</th>
            </tr>
          </thead>
          <tbody>${page.tables.map((one) =>
            html`
              <tr key=${one.name}>
                <td>${one.changelog
                  ? html`<a href=${to("apps", page.app, one.name)} aria-current=${
                    one.name === chosen ? "true" : undefined
                  }>${one.name}</a>`
                  : one.name}</td>
                <td>${kindOf(one)}</td>
                <td class="num" data-of="rows">${count(one.rows)}</td>
                <td>${one.changelog
                  ? html`<a href=${to("topics", one.changelog)}>${one.changelog}</a>`
                  : html`<span class="soft">memory only</span>`}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    </section>
  `;
}

const KINDS: Readonly<Record<string, string>> = {
  plain: "table",
  window: "windows",
  session: "sessions",
  versioned: "versions",
};

function kindOf({ layout, global, sizeMs }: View["tables"][number]) {
  if (global) return "global table";
  const size = layout === "window" && sizeMs ? ` of ${count(sizeMs / 1000)} s` : "";
  return KINDS[layout] ? KINDS[layout] + size : html`<span class="soft">the engine's own</span>`;
}

function Workers({ page }: { readonly page: View }) {
  const names = page.people.map(({ worker }) => worker);
  const nameOf = (id: string) => page.people.find(({ worker }) => worker === id)?.name;
  return html`
    <section class="card">
      <h2>Workers and their tasks</h2>
      ${page.people.length === 0 && html`
        <p class="soft">No worker runs now. What it has counted stays in its changelog topics.</p>
      `}
      <div class="owners">${page.people.map((one) => {
        const owns = one.state !== "gone" && one.tasks.length > 0;
        return html`
          <span key=${one.worker} class=${owns ? "owner" : "owner idle"} style=${owns
            ? { "--owner": colour(names, one.worker) }
            : {}} title=${one.worker}>
            <i></i><b>${one.name}</b> <span class="soft">process ${one.process}${one.host &&
              ` on ${one.host}`} · ${one.state === "gone"
              ? `not heard of since ${moment(one.heardMs)}`
              : owns
              ? one.state
              : "idle: has no task"}</span>
          </span>
        `;
      })}</div>
      ${page.owned.length > 0 && html`
        <div class="scroll">
          <table class="stack">
            <thead>
              <tr>
                <th>Task</th>
                <th>Worker</th>
                <th>State</th>
                <th>Reads</th>
                <th class="num">Lag</th>
                <th class="num">Processed</th>
                <th>Stream time, UTC</th>
              </tr>
            </thead>
            <tbody>${page.owned.map((one) =>
              html`
                <tr key=${`${one.task} ${one.worker}`}>
                  <td>${one.task}</td>
                  <td class="who"><span class="swatch" style=${{
                    "--owner": colour(names, one.worker),
                  }}></span>${nameOf(one.worker)}</td>
                  <td>${one.state === "running" ? "running" : restoringWords(one.restored)}</td>
                  <td>${one.inputs.map((input) => placeOf(page.app, input)).join(", ")}</td>
                  <td class="num" data-of="lag">${count(one.lag)}</td>
                  <td class="num" data-of="processed">${count(one.processed)}</td>
                  <td>${one.streamTimeMs < 0
                    ? html`<span class="soft">–</span>`
                    : eventTime(one.streamTimeMs)}</td>
                </tr>
              `
            )}${page.standbys.map((one) =>
              html`
                <tr key=${`standby ${one.task} ${one.worker}`}>
                  <td>${one.task}</td>
                  <td class="who"><span class="swatch" style=${{
                    "--owner": colour(names, one.worker),
                  }}></span>${nameOf(one.worker)}</td>
                  <td title="Keeps a copy of the rows, to go on at once">standby${one.state ===
                      "running"
                    ? ""
                    : ", restoring"}</td>
                  <td><span class="soft">changelogs</span></td>
                  <td class="num">${count(one.lag)}</td>
                  <td class="num"><span class="soft">–</span></td>
                  <td><span class="soft">–</span></td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
        <p class="note">Counted since each task was opened where it is now.</p>
      `}
    </section>
  `;
}

/** An application's own topics begin with its name, which stands above. */
const placeOf = (app: string, { topic, partition }: AppTask["inputs"][number]) =>
  `${topic.startsWith(`${app}-`) ? `…${topic.slice(app.length)}` : topic}-${partition}`;

const restoringWords = (restored: AppTask["restored"]) =>
  restored
    ? `restoring, ${count(restored.records)}${
      restored.total === null ? "" : ` of ${count(restored.total)}`
    }`
    : "restoring";

function Drops({ page }: { readonly page: View }) {
  if (page.drops.length === 0) return "";
  return html`
    <section class="card">
      <h2>Records that went no further</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Why</th>
              <th>Step</th>
              <th class="num">Records</th>
            </tr>
          </thead>
          <tbody>${page.drops.map((one) =>
            html`
              <tr key=${`${one.node} ${one.reason}`}>
                <td>${one.reason === "late"
                  ? html`<span class="tag bad">late</span>`
                  : one.reason}</td>
                <td>${one.step}</td>
                <td class="num">${count(one.records)}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
      <p class="note">${many(
        page.late,
        "record",
      )} came after the grace of their window had ended. Filtering and
        waiting for the other side of a join are no faults.</p>
    </section>
  `;
}
