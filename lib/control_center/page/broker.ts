// One broker: what it is set to, and what it led and kept over the last quarter of an hour.
import type { BrokerLine, BrokerPage, SettingLine, Snapshot } from "../contract.ts";
import { Chart, lineOf, spanOfTimes } from "./charts.ts";
import { type Column, List, useRates } from "./list.ts";
import { count, Head, html, many, size, useAnswer } from "./parts.ts";
import { Large } from "./projector.ts";

/** Where a setting is set, as a broker's page says it. */
const FROM = {
  topic: "this topic",
  broker: "this broker",
  cluster: "all brokers",
  default: "default",
} as const;

const COLUMNS: readonly Column<SettingLine>[] = [
  { name: "setting", words: "Setting", by: ({ name }) => name },
  { name: "value", words: "Value", by: ({ value }) => value },
  { name: "from", words: "Where from", by: ({ source }) => FROM[source] },
];

const drawSetting = ({ name, value, source }: SettingLine) =>
  html`
    <tr key=${name}>
      <td class="mono">${name}</td>
      <td class="mono">${value || "–"}</td>
      <td class=${source === "default" ? "soft" : ""}>${FROM[source]}</td>
    </tr>
  `;

export function Broker({ broker, now }: { readonly broker: string; readonly now: Snapshot }) {
  const line = now.brokers.find((one) => `${one.broker}` === broker);
  const { value: page, error } = useAnswer<BrokerPage>(
    `/brokers/${encodeURIComponent(broker)}`,
    { again: line !== undefined },
  );
  const { settings = [], folders = [] } = page ?? {};
  const leads = now.topics.flatMap(({ leaders }) => leaders)
    .filter((one) => `${one}` === broker).length;
  const changed = settings.filter(({ source }) => source !== "default").length;
  return html`
    <${Head} crumbs=${[]} title=${`Broker ${broker}`}>
      <span class="soft">${line
        ? `${line.address} · leads ${many(leads, "partition")} · ${size(line.bytes)} on its disk`
        : "It is not there now."}</span>
    </${Head}>
    ${line && html`<${Loads} brokers=${[line]} />`}
    ${folders.length > 0 && html`
      <section class="card">
        <h2>Disks</h2>
        <div class="scroll">
          <table class="stack">
            <thead>
              <tr>
                <th>Folder</th>
                <th>State</th>
                <th class="num">Logs</th>
                <th class="num">Free</th>
                <th class="num">Volume</th>
              </tr>
            </thead>
            <tbody>${folders.map((one) =>
              html`
                <tr key=${one.path}>
                  <td class="mono">${one.path}</td>
                  <td>${one.isHealthy
                    ? html`<span class="tag good">healthy</span>`
                    : html`<span class="tag bad">failed</span>`}</td>
                  <td class="num" data-of="Logs">${size(one.bytes)}</td>
                  <td class="num" data-of="Free">${size(one.freeBytes)}</td>
                  <td class="num" data-of="Volume">${size(one.volumeBytes)}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      </section>
    `}
    <section class="card">
      <h2>Settings</h2>
      ${error && html`<p class="error">${error}</p>`}
      <${List} rows=${settings} columns=${COLUMNS} keyOf=${({ name }: SettingLine) => name}
        first="from" draw=${drawSetting} what="a setting" nothing=${error ? "" : "Reading …"} />
      <p class="note">${count(
        changed,
      )} are set for this broker, in its file or by its start; they come first. What Kafka
        keeps secret is left out. Brokers are changed where they are started, not here.</p>
    </section>
  `;
}

/** Partitions led and bytes kept, a line for each broker. */
export function Loads({ brokers }: { readonly brokers: readonly BrokerLine[] }) {
  const names = brokers.map(({ broker }) => `${broker}`), history = useRates("broker", names);
  const lines = (of: Readonly<Record<string, readonly (number | null)[]>> | undefined) =>
    names.map((name) => lineOf(`broker ${name}`, history?.atMs, of?.[name]));
  const span = spanOfTimes(history?.atMs ?? []);
  return html`
    <section class="card" data-picture="loads">
      <div class="row between">
        <h2>Over the last quarter of an hour</h2>
        <${Large} name="loads" words="Over time" />
      </div>
      <h3>Partitions led</h3>
      <${Chart} lines=${lines(history?.leads)} span=${span} words="Partitions led" />
      <h3>On disk</h3>
      <${Chart} lines=${lines(history?.stored)} span=${span} words="Bytes on disk" format=${size} />
    </section>
  `;
}
