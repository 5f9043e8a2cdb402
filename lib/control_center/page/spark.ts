// A line over the remembered quarter of an hour, small enough for a row of a list.
import { html } from "./parts.ts";
import { sparkPath } from "./spark_path.ts";

const WIDE = 90, HIGH = 20;

export interface SparkProps {
  readonly numbers: readonly (number | null)[] | undefined;
  /** What the numbers are, for those who cannot see the line. */
  readonly words: string;
}

export function Spark({ numbers, words }: SparkProps) {
  const known = (numbers ?? []).filter((one) => one !== null);
  if (known.length < 2) return html`<span class="spark"></span>`;
  const most = Math.max(...known);
  return html`
    <svg class="spark" width=${WIDE} height=${HIGH} viewBox=${`0 -1 ${WIDE} ${HIGH + 2}`} role="img"
      aria-label=${`${words}: now ${known.at(-1)}, at most ${most} in a quarter of an hour`}>
      <path d=${sparkPath(numbers!, { wide: WIDE, high: HIGH })} />
    </svg>
  `;
}
