import { escapeHtml, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { type Screen, screen } from "./screen.ts";
import { formats } from "./show.ts";
import { frame } from "./theme.ts";

/** A bar that fills while work goes on. */
export interface Progress {
  /** Sets how much is done; drawn at most ten times a second. */
  update(value: number, note?: string): Promise<void>;
  /** Fills the bar and says what came of it. */
  done(note?: string): Promise<void>;
}

/** What a progress bar measures. */
export interface ProgressOptions {
  /** What is going on, in a word or two. */
  readonly label: string;
  /** The value at which the work is done. Left out: the bar only shows that something goes on. */
  readonly max?: number;
}

const CSS = `.taxi .taxi-bar{display:flex;align-items:center;gap:12px;flex-wrap:wrap}` +
  `.taxi .taxi-bar progress{width:260px;height:12px;accent-color:var(--taxi-0)}` +
  `.taxi .taxi-bar .count{font-variant-numeric:tabular-nums;color:var(--taxi-soft)}`;

/**
 * Shows a progress bar in the cell and gives a handle to move it.
 *
 * ```ts ignore
 * const bar = await progress({ label: "producing", max: 1_000 });
 * await bar.update(250);
 * await bar.done("1,000 records");
 * ```
 */
export function progress(options: ProgressOptions): Promise<Progress> {
  return startProgress(options, screen());
}

/** `progress()` on a given screen. */
export async function startProgress(options: ProgressOptions, on: Screen): Promise<Progress> {
  const id = crypto.randomUUID();
  let value = 0, drawnAtMs = -Infinity;
  const draw = async (note?: string) => {
    drawnAtMs = performance.now();
    await on.update(await formats(progressPicture({ ...options, value, note })), id);
  };
  await on.show(await formats(progressPicture({ ...options, value })), { id });
  return {
    update: async (next, note) => {
      value = next;
      if (performance.now() - drawnAtMs >= 100) await draw(note);
    },
    done: async (note = "done") => {
      value = options.max ?? 1;
      await draw(note);
      if (!on.inPlace) console.log(`${options.label}: ${note}`);
    },
  };
}

/** One moment of a progress bar. */
export function progressPicture(
  state: ProgressOptions & { readonly value: number; readonly note?: string | undefined },
): Picture {
  const { label, max, value, note } = state;
  const count = max === undefined
    ? ""
    : `${value.toLocaleString("en")} of ${max.toLocaleString("en")}`;
  const finished = note !== undefined && (max === undefined || value >= max);
  const said = finished ? `✓ ${note}` : [count, note].filter(Boolean).join(" · ");
  const bar = tag(
    "progress",
    {
      "aria-label": label,
      max: max ?? 1,
      value: max === undefined && !finished ? undefined : value,
    },
  );
  const body = tag(
    "div",
    { class: "taxi-bar" },
    tag("span", {}, escapeHtml(label)),
    bar,
    tag("span", { class: "count" }, escapeHtml(said)),
  );
  return picture(frame(body, { kind: "progress", css: CSS }), `${label}: ${said || "…"}`);
}
