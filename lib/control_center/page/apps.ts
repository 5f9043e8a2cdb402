// Streams applications: what each does, and how far it is behind.
import type { AppLine, AppState, Snapshot } from "../contract.ts";
import { type Column, List } from "./list.ts";
import { count, Head, html, many, to } from "./parts.ts";

const WORDS: Readonly<Record<AppState, readonly [string, string]>> = {
  running: ["running", "good"],
  restoring: ["restoring its tables", ""],
  rebalancing: ["rebalancing", ""],
  stopped: ["stopped", ""],
  gone: ["not heard of", "bad"],
};

export const appTag = (state: AppState) => {
  const [words, kind] = WORDS[state];
  return html`<span class=${`tag ${kind}`}>${words}</span>`;
};

const COLUMNS: readonly Column<AppLine>[] = [
  { name: "app", words: "Application", by: ({ app }) => app },
  { name: "state", words: "State", by: ({ state }) => state },
  { name: "workers", words: "Workers", by: ({ workers }) => workers },
  { name: "tasks", words: "Tasks", isNumber: true, by: ({ tasks }) => tasks },
  { name: "rate", words: "Records a second", isNumber: true, by: ({ perSecond }) => perSecond },
  { name: "lag", words: "Lag", isNumber: true, by: ({ lag }) => lag },
  { name: "late", words: "Late", isNumber: true, by: ({ late }) => late },
];

const NOTHING = html`
  <span>No application has said anything yet: one appears a second after its first worker starts, for
    example with <code>deno task worker stream_count_vendor_trips</code>.</span>
`;

export function Apps({ now }: { readonly now: Snapshot }) {
  const draw = (one: AppLine) =>
    html`
      <tr key=${one.app}>
        <td><a href=${to("apps", one.app)}>${one.app}</a></td>
        <td>${appTag(one.state)}</td>
        <td>${many(one.workers, "worker")}</td>
        <td class="num" data-of="tasks">${count(one.tasks)}</td>
        <td class="num" data-of="records/s">${count(one.perSecond)}</td>
        <td class="num" data-of="lag">${count(one.lag)}</td>
        <td class="num" data-of="late">${count(one.late)}</td>
      </tr>
    `;
  return html`
    <${Head} title="Streams apps" />
    <section class="card">
      <${List} rows=${now.apps} columns=${COLUMNS} keyOf=${({ app }: AppLine) => app} first="app"
        draw=${draw} what="an application" nothing=${NOTHING} />
      <p class="note">
        Each worker publishes how it is doing to the topic <code>${"<app>-status"}</code>, wherever it runs.
      </p>
    </section>
  `;
}
