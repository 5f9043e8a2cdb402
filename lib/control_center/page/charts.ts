// Lag over time, and who owned what: small drawings of the house's own.
import { GAP_MS, type GroupHistory, type Holding, type LagSample } from "../contract.ts";
import { clock, colour, count, html, moment, useWidth } from "./parts.ts";
import { type LagLineOf, linesOf } from "./lag_lines.ts";
import { useEffect, useState } from "./preact.ts";

/** A line of a chart: its numbers, and the newest of them. */
export type ChartLine = LagLineOf;

const HIGH = 170, BOTTOM = 22;

const timeOfDay = (ms: number) => moment(ms).slice(-8);

/** The end of a name tells more than its beginning. */
const ending = (name: string, most: number) =>
  name.length > most ? `…${name.slice(1 - most)}` : name;

/** From when to when a chart goes; charts beside each other share it. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Everything that is remembered of a group, from its beginning to now. */
export function spanOf({ samples, holdings }: GroupHistory): Span {
  const begins = [...samples.map(({ atMs }) => atMs), ...holdings.map(({ from }) => from)];
  const ends = [...samples.map(({ atMs }) => atMs), ...holdings.map(({ to }) => to)];
  const last = Math.max(0, ...ends);
  return { first: Math.min(last - 1_000, ...begins), last };
}

/** A line of a chart, with gaps where values are unknown. */
export function lineOf(
  name: string,
  atMs: readonly number[] = [],
  numbers: readonly (number | null)[] = [],
): ChartLine {
  const points = atMs.flatMap((ms, at) => {
    const lag = numbers[at] ?? null;
    return lag === null ? [] : [{ atMs: ms, lag }];
  });
  return { name, points, now: numbers.at(-1) ?? null };
}

/** From the first to the last of these times. */
export const spanOfTimes = (atMs: readonly number[]): Span => ({
  first: Math.min(atMs[0] ?? 0, (atMs.at(-1) ?? 0) - 1_000),
  last: atMs.at(-1) ?? 0,
});

const side = (wide: number) => wide > 600 ? { left: 180, right: 150 } : { left: 70, right: 90 };

interface ChartProps {
  readonly lines: readonly ChartLine[];
  readonly span: Span;
  /** What the numbers are. */
  readonly words: string;
  /** How they are written. @default 12,345 */
  readonly format?: (number: number | null | undefined) => string;
}

/** Lines over time; the scale begins at zero, and time without samples is a gap. */
export function Chart(props: ChartProps) {
  const [ref, wide] = useWidth(900);
  return html`
    <div ref=${ref}>
      <${Lines} ...${props} wide=${wide} />
    </div>
  `;
}

/** The sum and the worst partitions of a group. */
export function LagChart(
  { samples, span }: { readonly samples: readonly LagSample[]; readonly span: Span },
) {
  const { lines, others } = linesOf(samples);
  return html`
    <${Chart} lines=${lines} span=${span} words="Lag over time" />
    ${others > 0 && html`
      <p
        class="note">The sum of all partitions and the five that are furthest behind; ${others} others are in the table.</p>
    `}
  `;
}

/** Where the pointer is over one chart, so that all charts of the page show that moment. */
let cursorMs: number | undefined;
const cursors = new Set<(ms: number | undefined) => void>();

function useCursor(): [number | undefined, (ms: number | undefined) => void] {
  const [ms, setMs] = useState(cursorMs);
  useEffect(() => {
    cursors.add(setMs);
    return () => void cursors.delete(setMs);
  }, []);
  return [ms, (now) => {
    cursorMs = now;
    for (const set of cursors) set(now);
  }];
}

/** The last number that is not newer; undefined where no sample was taken for a while before. */
const numberAt = ({ points }: ChartLine, ms: number): number | undefined => {
  const found = points.findLast(({ atMs }) => atMs <= ms);
  return found && ms - found.atMs <= GAP_MS ? found.lag : undefined;
};

function Lines(
  { lines: all, span, words, wide, format = count }: ChartProps & { readonly wide: number },
) {
  const [cursor, setCursor] = useCursor();
  // What a topic got before its group was there is not on the group's axis.
  const lines = all.map((line) => ({
    ...line,
    points: line.points.filter(({ atMs }) => atMs >= span.first && atMs <= span.last),
  }));
  if (!lines.some(({ points }) => points.length > 1)) {
    return html`
      <p class="soft">The chart begins as soon as there are two looks, five seconds apart.</p>
    `;
  }
  const { left, right } = side(wide), { first, last } = span;
  const most = Math.max(1, ...lines.flatMap(({ points }) => points.map(({ lag }) => lag)));
  const x = (ms: number) => left + (wide - left - right) * (ms - first) / Math.max(1, last - first);
  const y = (lag: number) => 8 + (HIGH - BOTTOM - 8) * (1 - lag / most);
  const now = lines.map(({ name, now }) => `${name}: ${now ?? "not known"}`).join(", ");
  const isAt = cursor !== undefined && cursor >= first && cursor <= last;
  const point = ({ currentTarget, clientX }: PointerEvent) => {
    const box = (currentTarget as Element).getBoundingClientRect();
    const share = ((clientX - box.left) / box.width * wide - left) / (wide - left - right);
    setCursor(share < 0 || share > 1 ? undefined : first + share * (last - first));
  };
  // Names of lines that end at the same height stand below each other, from the top.
  let taken = -Infinity;
  const ends = lines.map((line, at) => ({ ...line, hue: at, wish: y(line.now ?? 0) }))
    .toSorted((a, b) => a.wish - b.wish);
  const room = HIGH - BOTTOM + 10,
    names = ends.map((one, at) => {
      const below = (ends.length - 1 - at) * 13;
      taken = Math.min(Math.max(one.wish, taken + 13), Math.max(taken + 13, room - below));
      return { ...one, place: taken };
    });
  const path = ({ points }: typeof lines[number]) =>
    points.map(({ atMs, lag }, at) => {
      const before = points[at - 1];
      const begins = before === undefined || atMs - before.atMs > GAP_MS;
      return `${begins ? "M" : "L"}${x(atMs).toFixed(1)},${y(lag).toFixed(1)}`;
    }).join("");
  return html`
    <svg class="chart" viewBox=${`0 0 ${wide} ${HIGH}`} role="img" aria-label=${`${words}; now ${now}`}
      onPointerMove=${point} onPointerLeave=${() => setCursor(undefined)}>
        ${[0, most].map((lag) =>
          html`
            <line x1=${left} x2=${wide - right} y1=${y(lag)} y2=${y(lag)} stroke="var(--line)" />
            <text x=${left - 8} y=${y(lag) + 4} text-anchor="end">${format(lag)}</text>
          `
        )}
        <text x=${left} y=${HIGH - 4}>${timeOfDay(first)}</text>
        <text x=${wide - right} y=${HIGH - 4} text-anchor="end">${timeOfDay(last)}</text>
        ${lines.map((line, at) =>
          html`
            <path fill="none" stroke=${`var(--taxi-${
              at % 6
            })`} stroke-width="2" stroke-linecap="round" d=${path(line)} />
          `
        )}
        ${names.map(({ name, hue, place }) =>
          html`<text x=${wide - right + 6} y=${place + 4} style=${{
            fill: `var(--taxi-${hue % 6})`,
          }}>${ending(name, Math.floor((right - 10) / 6.4))}</text>`
        )}
        ${isAt &&
          html`<line class="cursor" x1=${x(cursor)} x2=${x(cursor)} y1="8" y2=${HIGH - BOTTOM} />`}
      </svg>
    <p class="note cursor">${isAt &&
      `${timeOfDay(cursor)}: ${
        lines.map((line) => `${ending(line.name, 24)} ${format(numberAt(line, cursor))}`).join(
          " · ",
        )
      }`}</p>
  `;
}

interface TimelineProps {
  readonly holdings: readonly Holding[];
  readonly members: readonly string[];
  readonly span: Span;
}

/** A row for each partition, coloured by its owner as `colour(members, …)` does. */
export function Timeline({ holdings, members, span }: TimelineProps) {
  const [ref, wide] = useWidth(900);
  return html`
    <div ref=${ref}>
      <${Rows} holdings=${holdings} members=${members} span=${span} wide=${wide} />
    </div>
  `;
}

function Rows(
  { holdings, members, span, wide }: TimelineProps & { readonly wide: number },
) {
  if (holdings.length === 0) {
    return html`<p class="soft">Nobody has owned a partition in the last quarter of an hour.</p>`;
  }
  const collator = new Intl.Collator("en", { numeric: true });
  const partitions = [...new Set(holdings.map((one) => one.partition))].sort(collator.compare);
  const { left, right } = side(wide), high = 30, { first, last } = span;
  const x = (ms: number) => left + (wide - left - right) * (ms - first) / Math.max(1, last - first);
  return html`
    <svg class="chart" style=${{ height: "auto" }} viewBox=${`0 0 ${wide} ${
      partitions.length * high + 22
    }`} role="img"
      aria-label=${holdings.slice(-20).map((one) =>
        `${one.partition} was read by ${one.member} from ${clock(one.from)} to ${clock(one.to)}`
      ).join("; ")}>
        ${partitions.map((name, row) =>
          html`<text x=${left - 10} y=${row * high + 19} text-anchor="end">${
            ending(name, wide > 600 ? 26 : 9)
          }</text>`
        )}
        ${holdings.map((one) => {
          const row = partitions.indexOf(one.partition), hue = colour(members, one.member);
          const width = Math.max(3, x(one.to) - x(one.from));
          return html`
            <rect x=${x(one.from)} y=${row * high + 4} width=${width} height=${high -
              8} rx="5" stroke=${hue}
              style=${{ fill: `color-mix(in srgb, ${hue} 30%, transparent)` }}>
              <title>${one.member}: ${clock(one.from)} to ${clock(one.to)}</title>
            </rect>
                    ${width > 60 &&
                      html`<text x=${x(one.from) + 8} y=${row * high + 19} style=${{
                        fill: "var(--text)",
                      }}>${one.member.slice(0, Math.floor(width / 8))}</text>`}
          `;
        })}
        <text x=${left} y=${partitions.length * high + 17}>${timeOfDay(first)}</text>
        <text x=${wide - right} y=${partitions.length * high + 17} text-anchor="end">${timeOfDay(
          last,
        )}</text>
      </svg>
  `;
}
