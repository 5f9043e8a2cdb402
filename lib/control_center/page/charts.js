// Lag over time, and who owned what: small drawings without a library.
import { clock, colour, count, html, useWidth } from "./parts.js";

const HIGH = 150, LEFT = 56, BOTTOM = 22;

/** The end of a name tells more than its beginning. */
const ending = (name, most) => name.length > most ? `…${name.slice(1 - most)}` : name;

/** A line for each partition; the scale begins at zero. */
export function LagChart({ samples }) {
  const [ref, wide] = useWidth(900);
  return html`
    <div ref=${ref}>
      <${Lines} samples=${samples} wide=${wide} />
    </div>
  `;
}

function Lines({ samples, wide }) {
  if (samples.length < 2) {
    return html`<p class="soft">The chart begins as soon as there are two looks at this group.</p>`;
  }
  const right = wide > 600 ? 190 : 90;
  const names = [...new Set(samples.flatMap(({ lags }) => Object.keys(lags)))].sort().slice(0, 12);
  const first = samples[0].atMs, last = samples.at(-1).atMs;
  const most = Math.max(1, ...samples.flatMap(({ lags }) => Object.values(lags)));
  const x = (ms) => LEFT + (wide - LEFT - right) * (ms - first) / Math.max(1, last - first);
  const y = (lag) => 8 + (HIGH - BOTTOM - 8) * (1 - lag / most);
  const label = names.map((name) => `${name}: ${samples.at(-1).lags[name] ?? 0}`).join(", ");
  // Names of lines that end at the same height stand below each other.
  let taken = HIGH;
  const ends = names.map((name, at) => ({ name, at, wish: y(samples.at(-1).lags[name] ?? 0) }))
    .sort((a, b) => b.wish - a.wish).map((one) => ({
      ...one,
      at: one.at,
      place: taken = Math.min(one.wish, taken - 13),
    }));
  return html`<svg class="chart" viewBox=${`0 0 ${wide} ${HIGH}`} role="img" aria-label=${`Lag over time; now ${label}`}>
    ${
    [0, most].map((lag) =>
      html`
        <line x1=${LEFT} x2=${wide - right} y1=${y(lag)} y2=${y(lag)} stroke="var(--line)" />
        <text x=${LEFT - 8} y=${y(lag) + 4} text-anchor="end">${count(lag)}</text>
      `
    )
  }
    <text x=${LEFT} y=${HIGH - 4}>${clock(first).slice(0, 8)}</text>
    <text x=${wide - right} y=${HIGH - 4} text-anchor="end">${clock(last).slice(0, 8)}</text>
    ${
    names.map((name, at) =>
      html`
        <path fill="none" stroke=${`var(--taxi-${at % 6})`} stroke-width="2"
          d=${samples.map(({ atMs, lags }, one) =>
            `${one ? "L" : "M"}${x(atMs).toFixed(1)},${y(lags[name] ?? 0).toFixed(1)}`
          ).join("")} />
      `
    )
  }
    ${
    ends.map(({ name, at, place }) =>
      html`<text x=${wide - right + 6} y=${place + 4} style=${{ fill: `var(--taxi-${at % 6})` }}>${
        ending(name, Math.floor((right - 10) / 6.4))
      }</text>`
    )
  }
  </svg>`;
}

/** A row for each partition, coloured by its owner as `colour(members, …)` does. */
export function Timeline({ holdings, members }) {
  const [ref, wide] = useWidth(900);
  return html`
    <div ref=${ref}>
      <${Rows} holdings=${holdings} members=${members} wide=${wide} />
    </div>
  `;
}

function Rows({ holdings, members, wide }) {
  if (holdings.length === 0) {
    return html`<p class="soft">Nobody has owned a partition while this was looked at.</p>`;
  }
  const partitions = [...new Set(holdings.map((one) => one.partition))].sort();
  const first = Math.min(...holdings.map((one) => one.from));
  const last = Math.max(first + 1000, ...holdings.map((one) => one.to));
  const left = wide > 600 ? 180 : 96, high = 30;
  const x = (ms) => left + (wide - left - 10) * (ms - first) / (last - first);
  return html`
    <svg class="chart" style=${{ height: "auto" }} viewBox=${`0 0 ${wide} ${
      partitions.length * high + 22
    }`} role="img"
      aria-label=${holdings.slice(-20).map((one) =>
        `${one.partition} was read by ${one.member} from ${clock(one.from)} to ${clock(one.to)}`
      ).join("; ")}>
        ${partitions.map((name, row) =>
          html`<text x=${left - 10} y=${row * high + 19} text-anchor="end">${
            ending(name, wide > 600 ? 26 : 12)
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
        <text x=${left} y=${partitions.length * high + 17}>${clock(first).slice(0, 8)}</text>
        <text x=${wide - 10} y=${partitions.length * high + 17} text-anchor="end">${clock(last)
          .slice(0, 8)}</text>
      </svg>
  `;
}
