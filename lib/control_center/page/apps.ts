// Streams applications: what each does, and how far it is behind.
import type { AppState, Snapshot } from "../contract.ts";
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

export function Apps({ now }: { readonly now: Snapshot }) {
  return html`
    <${Head} title="Streams apps" />
    <section class="card">
      <div class="scroll">
        <table class="stack">
          <thead>
            <tr>
              <th>Application</th>
              <th>State</th>
              <th>Workers</th>
              <th class="num">Tasks</th>
              <th class="num">Records a second</th>
              <th class="num">Lag</th>
              <th class="num">Late</th>
            </tr>
          </thead>
          <tbody>${now.apps.map((one) =>
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
            `
          )}</tbody>
        </table>
      </div>
      ${now.apps.length === 0 && html`
        <p class="soft">
          No application has said anything yet: one appears a second after its first worker starts, for
          example with <code>deno task worker stream_count_vendor_trips</code>.
        </p>
      `}
      <p class="note">
        Each worker publishes how it is doing to the topic <code>${"<app>-status"}</code>, wherever it runs.
      </p>
    </section>
  `;
}
