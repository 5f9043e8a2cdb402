// What is in a topic: how large its records are, which keys come most, what is null.
import { ANALYSED, type RecordAnalysis, type Sizes } from "../contract.ts";
import { useState } from "./preact.ts";
import { clock, count, html, many, plural, size, toRecord, useAnswer } from "./parts.ts";
import { Text } from "./record.ts";

export function AnalysisTab({ topic }: { readonly topic: string }) {
  const [nth, setNth] = useState(0);
  const { value, error } = useAnswer<RecordAnalysis>(
    `/topics/${encodeURIComponent(topic)}/analysis`,
    { again: nth },
  );
  return html`
    <section class="card" aria-label="Analysis">
      <div class="row between">
        <h2>What is in it</h2>
        <button onClick=${() => setNth(nth + 1)}>Look again</button>
      </div>
      <p class="soft" role="status">${error ?? (value ? wordsFor(value) : "Reading …")}</p>
      ${value && value.records > 0 && html`<${Found} topic=${topic} of=${value} />`}
      <p class="note">The newest records, at most ${count(ANALYSED.records)}, ${size(
        ANALYSED.bytes,
      )} and ${ANALYSED.ms / 1_000} seconds of
        reading. Sizes are those of keys and values before Kafka's producers compress them.</p>
    </section>
  `;
}

function wordsFor({ records, unreadable, isWhole, firstMs, lastMs }: RecordAnalysis): string {
  const bad = unreadable > 0 ? ` ${many(unreadable, "place")} of it cannot be read.` : "";
  if (records === 0) return `There is no record to look at.${bad}`;
  const what = isWhole ? `All ${many(records, "record")}` : `The newest ${many(records, "record")}`;
  return `${what}, from ${clock(firstMs!)} to ${clock(lastMs!)}.${bad}`;
}

const SIZES = [
  ["least", "Smallest"],
  ["median", "Median"],
  ["p95", "95 % below"],
  ["most", "Largest"],
  ["sum", "Together"],
] as const;

function Found({ topic, of }: { readonly topic: string; readonly of: RecordAnalysis }) {
  const { records, nullKeys, nullValues, keys, top, keySizes, values, partitions, largest } = of;
  const share = (part: number) => `${(part / records * 100).toFixed(part < records ? 1 : 0)} %`;
  const sizes = (words: string, one: Sizes | null, nulls: number, nullWords: string) =>
    html`
      <tr>
        <th scope="row">${words}</th>
        ${SIZES.map(([of, words]) =>
          html`<td class="num" data-of=${words}>${size(one?.[of])}</td>`
        )}
        <td class="num" data-of="Null">${count(nulls)} ${nullWords}${nulls > 0 &&
          ` (${share(nulls)})`}</td>
      </tr>
    `;
  return html`
    <div class="scroll">
      <table class="stack">
        <thead>
          <tr>
            <th>Sizes</th>
            ${SIZES.map(([, words]) => html`<th class="num">${words}</th>`)}
            <th class="num">Null</th>
          </tr>
        </thead>
        <tbody>
        ${sizes("Keys", keySizes, nullKeys, "without a key")}
        ${sizes("Values", values, nullValues, plural(nullValues, "tombstone"))}
      </tbody>
      </table>
    </div>
    <h3>${keys === null ? "More than 20,000 keys" : many(keys, "distinct key")}</h3>
    ${top.length > 0 && html`
      <div class="scroll">
        <table class="stack">
          <thead>
            <tr>
              <th>Most frequent key</th>
              <th class="num">Records</th>
              <th class="num">Share</th>
              <th class="num">Bytes</th>
            </tr>
          </thead>
          <tbody>${top.map((one) =>
            html`
              <tr key=${one.key.text}>
                <td class="mono">
                  <${Text} of=${one.key} />
                </td>
                <td class="num" data-of="Records">${count(one.records)}</td>
                <td class="num" data-of="Share">${share(one.records)}</td>
                <td class="num" data-of="Bytes">${size(one.bytes)}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    `}
    <h3>Partitions</h3>
    <ul class="shares">${partitions.map((one) =>
      html`
        <li key=${one.partition}><span>partition ${one.partition}</span>
          <meter min="0" max=${records} value=${one
            .records} aria-label=${`Share of partition ${one.partition}`}></meter>
          <span>${many(one.records, "record")} · ${size(one.bytes)}</span></li>
      `
    )}</ul>
    <h3>Largest records</h3>
    <p>${largest.map(({ partition, offset, bytes }, at) =>
      html`${at > 0 && ", "}<a href=${
        toRecord(topic, {
          partition,
          offset,
        })
      }>partition ${partition}, offset ${count(offset)}</a> (${size(bytes)})`
    )}</p>
  `;
}
