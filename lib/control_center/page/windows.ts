// A windowed table on a time axis: which windows are open, how far stream time is, what came too late.
import type { LateRecord } from "../../views/mod.ts";
import type { TableRow } from "../contract.ts";
import { duration, eventTime, html, many, useWidth } from "./parts.ts";
import { Large } from "./projector.ts";
import { type WindowLanes, windowLanes, type WindowsOf } from "./window_lanes.ts";

export interface WindowsProps {
  readonly table: {
    readonly name: string;
    readonly layout: string;
    readonly sizeMs?: number;
    readonly graceMs?: number;
  };
  readonly rows: readonly TableRow[];
  readonly late: LateRecord | null;
  readonly timeOf: WindowsOf["timeOf"];
}

const LEVEL = 24, GAP = 10, FOOT = 24;

export function Windows({ table, rows, late, timeOf }: WindowsProps) {
  const [ref, wide] = useWidth(900);
  const { sizeMs = 0, graceMs = 0 } = table;
  const lanes = windowLanes(rows, { sizeMs, graceMs, timeOf });
  const hasUnknown = lanes.lanes.some(({ bars }) => bars.some(({ state }) => state === "unknown"));
  const what = table.layout === "session" ? "Sessions" : "Windows";
  return html`
    <section class="card" data-picture="windows" aria-label=${`${what} of ${table.name}`}>
      <div class="row between">
        <h2>${what} of ${table.name}</h2>
        <${Large} name="windows" words=${what} />
      </div>
      <div ref=${ref}>${wide > 0 &&
        html`<${Drawing} lanes=${lanes} late=${late} graceMs=${graceMs} wide=${wide} />`}</div>
      <p
        class="legend"><span class="window open">open</span> <span class="window grace">in grace: late records still count</span>
            <span class="window closed">closed</span> ${hasUnknown &&
              html`<span class="window unknown">open or closed: no worker says how far its time is</span>`} <span class="time">stream time: the newest time that a task has seen</span></p>
      <p class="note">Each number is the window's value. ${graceMs > 0
        ? `A window takes records for ${duration(graceMs)} after its end, in stream time.`
        : "A window takes no record after its end, in stream time."}${lanes.others > 0 &&
        ` ${many(lanes.others, "key")} that changed less lately are left out.`}
    ${" Times are in UTC."}</p>
    </section>
  `;
}

interface DrawingProps {
  readonly lanes: WindowLanes;
  readonly late: LateRecord | null;
  readonly graceMs: number;
  readonly wide: number;
}

function Drawing({ lanes: { lanes, first, last }, late, wide }: DrawingProps) {
  const left = wide > 600 ? 130 : 70, right = 16;
  const x = (ms: number) => left + (wide - left - right) * (ms - first) / Math.max(1, last - first);
  const at = (ms: number) => Math.min(wide - right, Math.max(left, x(ms)));
  let top = 4;
  const placed = lanes.map((lane) => {
    const from = top;
    top += lane.levels * LEVEL + GAP;
    return { ...lane, top: from };
  });
  const isLateShown = late !== null && late.timestamp < last;
  const bottom = top + (isLateShown ? LEVEL : 0);
  const words = placed.map(({ key, bars, timeMs }) =>
    `${key}: ${
      bars.slice(-5).map(({ start, end, state, value }) =>
        `${eventTime(start)} to ${eventTime(end)} ${state === "unknown" ? "" : state}, ${value}`
      ).join("; ")
    }${timeMs === null ? "" : `; stream time ${eventTime(timeMs)}`}`
  ).join(". ");
  return html`
    <svg class="chart windows" style=${{ height: "auto" }} viewBox=${`0 0 ${wide} ${
      bottom + FOOT
    }`} role="img" aria-label=${`${words}${late ? `. Last late record: ${lateWords(late)}` : ""}`}>
      ${placed.map(({ key, bars, top, levels, timeMs }) =>
        html`
          <text x=${left - 10} y=${top + 16} text-anchor="end">${key.length > left / 8
            ? `…${key.slice(1 - Math.floor(left / 8))}`
            : key}</text>
          <line x1=${left} x2=${wide - right} y1=${top + levels * LEVEL + GAP / 2} y2=${top +
            levels * LEVEL + GAP / 2} stroke="var(--line)" />
          ${bars.map((bar) => {
            const from = at(bar.start), width = Math.max(4, at(bar.end) - from - 2);
            return html`
              <rect key=${bar.start} class=${`window ${
                bar.state === "in grace" ? "grace" : bar.state
              }`}
                x=${from} y=${top + bar.level * LEVEL + 2} width=${width} height=${LEVEL -
                  4} rx="4">
                <title>${`${eventTime(bar.start)} to ${
                  eventTime(bar.end)
                }: ${bar.value}, ${bar.state}`}</title>
              </rect>
              ${width > 26 &&
                html`<text class="value" x=${from + 6} y=${top + bar.level * LEVEL + 16}>${
                  bar.value.slice(0, Math.floor((width - 10) / 7))
                }</text>`}
            `;
          })}
          ${timeMs !== null &&
            html`<line class="time" x1=${at(timeMs)} x2=${at(timeMs)} y1=${top - 2} y2=${
              top + levels * LEVEL + 4
            } />`}
        `
      )}
      ${isLateShown && html`
        <text class="late" x=${at(late.timestamp)} y=${top + 15}
          text-anchor=${at(late.timestamp) > wide / 2 ? "end" : "start"}>${late.timestamp < first
            ? "◂ "
            : "▴ "}${lateWords(late)}</text>
      `}
      <text x=${left} y=${bottom + FOOT - 6}>${eventTime(first)}</text>
      <text x=${wide - right} y=${bottom + FOOT - 6} text-anchor="end">${eventTime(last)}</text>
    </svg>
  `;
}

const lateWords = ({ timestamp, lateMs }: LateRecord) =>
  `a record of ${eventTime(timestamp)} came too late by ${duration(lateMs)}`;
