// A key's journey: its records in every topic of an application, on one time axis.
import type { JourneyPart } from "../contract.ts";
import { axesOf, type Axis } from "./journey_axes.ts";
import { type Hop, hops } from "./journey_hops.ts";
import { useState } from "./preact.ts";
import { clock, count, html, many, to, toRecord, useStream, useWidth, valueOf } from "./parts.ts";
import { useRemembered } from "./place.ts";
import { Large } from "./projector.ts";

export function Journey({ app }: { readonly app: string }) {
  const [key, setKey] = useRemembered("key");
  const [typed, setTyped] = useState(key);
  const go = (event: Event) => {
    event.preventDefault();
    setKey(typed.trim());
  };
  return html`
    <section class="card" aria-label="A key's journey" data-picture="journey">
      <div class="row between"><h2>A key's journey</h2><${Large} name="journey" words="Journey" /></div>
      <form class=${key === "" ? "row" : "row choose"} onSubmit=${go}>
        <label class="grow">Key<input value=${typed} maxlength="300" placeholder="1, or a zone's name"
          spellcheck=${false} autocomplete="off" onInput=${(event: Event) =>
            setTyped(valueOf(event))} /></label>
        <button class="main">Follow</button>
      </form>
      ${key !== "" && html`<${Followed} key=${key} app=${app} of=${key} />`}
      <p class="note">Finds it as text, as JSON, as the only field of a key, and as the key of a window; the newest 2,000
        records of each topic, then what is written. Lines join records of one time or value: an application passes on the time of
        what it has read. Delays are between two topics, as this server saw them; times are in your time zone.</p>
    </section>
  `;
}

function Followed({ app, of }: { readonly app: string; readonly of: string }) {
  const { value: part, error } = useStream<JourneyPart>(
    `/apps/${encodeURIComponent(app)}/journey?key=${encodeURIComponent(of)}`,
    "journey",
  );
  const [ref, wide] = useWidth(900);
  const found = part?.steps.some(({ records }) => records.length > 0);
  return html`
    <div ref=${ref}>
      ${error && html`<p class="error" role="alert">${error}</p>`}
      ${!part && !error && html`<p class="soft">Reading …</p>`}
      ${part && !found &&
        html`<p class="soft" role="status">${
          part.isRead
            ? `No record of this key is among the newest of ${
              many(part.steps.length, "topic")
            }; new ones show as they come.`
            : "Reading …"
        }</p>`}
      ${part && found && html`
        <${Drawing} part=${part} wide=${wide} />
        <${InWords} part=${part} />
      `}
    </div>
  `;
}

const ROW = 46, TOP = 8, FOOT = 20, DOT = 6;

function Drawing({ part, wide }: { readonly part: JourneyPart; readonly wide: number }) {
  const { steps } = part;
  const axes = axesOf(steps.map(({ records }) => records.map(({ timestamp }) => timestamp)));
  const shared = new Set(axes.filter((one) => one !== null)).size === 1;
  const left = wide > 600 ? 250 : 12, right = 24, rows = wide > 600 ? 0 : 14;
  const x = (step: number, ms: number) => {
    const { first, last } = axes[step]!;
    return last === first
      ? (left + wide - right) / 2
      : left + DOT + (wide - left - right - DOT) * (ms - first) / (last - first);
  };
  const y = (step: number) => TOP + step * (ROW + rows) + ROW / 2 + rows;
  const place = ([step, nth]: Hop["to"]) => ({
    x: x(step, steps[step]!.records[nth]!.timestamp),
    y: y(step),
  });
  const times = ({ first, last }: Axis, at: number) =>
    html`
      <text x=${left} y=${at}>${clock(first)}</text>
      <text x=${wide - right} y=${at} text-anchor="end">${clock(last)}</text>
    `;
  return html`
    <svg class="chart journey" style=${{ height: "auto" }} viewBox=${`0 0 ${wide} ${
      y(steps.length - 1) + ROW / 2 + FOOT
    }`}
      aria-label="Records of the key over time, a row for each topic">
      ${steps.map((_, step) =>
        html`<line x1=${left} x2=${wide - right} y1=${y(step)} y2=${
          y(step)
        } stroke="var(--line)" />`
      )}
      ${hops(part).map(({ from, to }) => {
        const a = place(from), b = place(to);
        return html`<line class="hop" x1=${a.x} x2=${b.x} y1=${a.y} y2=${b.y} />`;
      })}
      ${steps.map(({ topic, records }, step) =>
        html`
          <text x=${rows ? left : left - 14} y=${rows
            ? y(step) - 22
            : y(step) + 4} text-anchor=${rows
            ? "start"
            : "end"}>${topic.length > 36 ? `…${topic.slice(-35)}` : topic}</text>
          ${records.length === 0 &&
            html`<text x=${left + 10} y=${y(step) - 6}>no record of this key</text>`}
          ${!shared && axes[step] && times(axes[step], y(step) + 18)}
        `
      )}
      ${steps.map(({ topic, records }, step) =>
        records.map((one) =>
          html`
            <a href=${toRecord(
              topic,
              one,
            )} aria-label=${`${topic}, partition ${one.partition}, offset ${one.offset}`}>
              <circle class=${one.value.kind === "null" ? "gone" : ""} cx=${x(
                step,
                one.timestamp,
              )} cy=${y(step)} r=${DOT}>
                <title>${clock(one.timestamp)}: ${one.value.text.slice(0, 200)}</title></circle></a>
          `
        )
      )}
      ${shared && times(axes.find((one) => one !== null)!, y(steps.length - 1) + ROW / 2 + 12)}
    </svg>
  `;
}

/** The newest record of each topic, and how long the way to it took: the picture as text. */
function InWords({ part }: { readonly part: JourneyPart }) {
  const all = hops(part);
  return html`
    <ol class="hops">${part.steps.map(({ topic, records, partitions }, step) => {
      const nth = records.length - 1, last = records[nth];
      const hop = all.find(({ to: [at, record] }) => at === step && record === nth);
      const from = hop && part.steps[hop.from[0]]!.topic;
      return html`
        <li key=${topic}><a href=${to("topics", topic)}>${topic}</a> ${last === undefined
          ? html`<span class="soft">no record of this key</span>`
          : html`
            <span class="mono">${last.value.text.slice(0, 120)}${last.value.text.length > 120
              ? "…"
              : ""}</span><span
              class="soft"> · ${many(records.length, "record")}, the last at ${clock(
                last.timestamp,
              )}, offset ${count(last.offset)} of partition ${last
                .partition}${hop && hop.delayMs !== null
                ? `, ${Math.max(0, hop.delayMs)} ms after ${from}`
                : ""}</span>
          `}${partitions &&
          html`<span class="soft"> (only partition ${
            partitions.join(" and ")
          } was read)</span>`}</li>
      `;
    })}</ol>
  `;
}
