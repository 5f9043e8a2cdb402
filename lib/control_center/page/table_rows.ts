// The rows of a table, read from the topic that keeps them.
import type { TablePart } from "../contract.ts";
import { useEffect, useRef } from "./preact.ts";
import { count, eventTime, html, many, useStream, valueOf } from "./parts.ts";
import { Windows, type WindowsProps } from "./windows.ts";
import { useRemembered } from "./place.ts";

export interface TableRowsProps {
  readonly app: string;
  readonly table: WindowsProps["table"] & { readonly changelog: string | null };
  readonly late: WindowsProps["late"];
  readonly timeOf: WindowsProps["timeOf"];
}

export function TableRows({ app, table, late, timeOf }: TableRowsProps) {
  const [find, setFind] = useRemembered("find");
  const query = find ? `?find=${encodeURIComponent(find)}` : "";
  const { value: part, error } = useStream<TablePart>(
    `/apps/${encodeURIComponent(app)}/tables/${encodeURIComponent(table.name)}${query}`,
    "rows",
  );
  const card = useRef<HTMLElement>(null);
  useEffect(() => void card.current!.scrollIntoView({ block: "nearest" }), []);
  const hasWindows = part?.rows.some(({ key }) => key.window);
  return html`
    ${hasWindows &&
      html`<${Windows} table=${table} rows=${part!.rows} late=${late} timeOf=${timeOf} />`}
    <section class="card" ref=${card} aria-label=${`Rows of ${table.name}`}>
      <h2>Rows of ${table.name}</h2>
      <div class="row">
        <label class="grow">Find a row<input type="search" maxlength="200"
          placeholder="plain text in key or value" value=${find}
          onInput=${(event: Event) => setFind(valueOf(event))} /></label>
      </div>
      ${error && html`<p class="error" role="alert">${error}</p>`}
      ${part && part.rows.length > 0 && html`
        <div class="scroll tall" tabindex="0" role="region" aria-label="Rows">
          <table class="messages rows">
            <thead>
              <tr>
                <th class="key">Key</th>
                <th>Value</th>
                <th class="when">Time</th>
                <th class="num part">Partition</th>
              </tr>
            </thead>
            <tbody>${part.rows.map((row) =>
              html`
                <tr key=${`${row.partition} ${row.key.text}`}>
                  <td class=${`text ${row.key.kind}`} title=${row.key.text}>
                    <${Key} text=${row.key.text} isWindow=${row.key.kind === "window"} />
                  </td>
                  <td class="text" title=${row.value.text}>${row.value.text}</td>
                  <td>${eventTime(row.timestamp)}</td>
                  <td class="num" data-of="partition">${row.partition}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      `}
      <p class="soft" role="status">${wordsFor(part, find, error)}</p>
      <p class="note">Read from ${table
        .changelog}, its newest 20,000 records; at most 5,000 rows are looked at and
        100 shown, those that changed last. Times are those of the records, in UTC as windows are.</p>
    </section>
  `;
}

function Key({ text, isWindow }: { readonly text: string; readonly isWindow: boolean }) {
  const cut = isWindow ? text.lastIndexOf(" @ [") : -1;
  if (cut < 0) return text;
  // A line may break before the interval, nowhere else.
  return [
    html`<span>${text.slice(0, cut)} @</span>`,
    " ",
    html`<span>${text.slice(cut + 3)}</span>`,
  ];
}

function wordsFor(part: TablePart | undefined, find: string, error: string | undefined): string {
  if (!part) return error ? "" : "Reading …";
  const shown = part.rows.length < part.matching ? `${count(part.rows.length)} of ` : "";
  const rest = part.isWhole ? "" : ", older ones were not read";
  return find
    ? `${shown}${many(part.matching, "row")} of ${count(part.read)} contain “${find}”${rest}`
    : `${shown}${many(part.matching, "row")}${rest}`;
}
