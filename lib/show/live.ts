import { escapeHtml, tag } from "./markup.ts";
import { type Bundle, picture } from "./picture.ts";
import { type Screen, screen } from "./screen.ts";
import { formats } from "./show.ts";
import { frame } from "./theme.ts";

/** How long and how often a live picture is drawn. */
export interface LiveOptions {
  /** Pause between two drawings, in milliseconds, at least 100. @default 500 */
  readonly everyMs?: number;
  /** It stops by itself after this time, so that nothing piles up when nobody looks. @default 60_000 */
  readonly forMs?: number;
  /** A live picture with the same key that still runs is stopped first: a cell can run twice. */
  readonly key?: string;
  /** Stops it from outside, for instance the signal of ■. */
  readonly signal?: AbortSignal;
}

/** A picture that is drawn again and again in its own place. */
export interface Live {
  /** Draws now. */
  update(): Promise<void>;
  /** Shows it below the cell that runs now, and goes on for another `forMs`: after a page reload, for instance. */
  show(): Promise<void>;
  /** Stops drawing; the last picture stays. */
  stop(): Promise<void>;
  /** Whether it still draws. */
  readonly running: boolean;
  /** Resolves when it has stopped, for whatever reason. */
  readonly done: Promise<void>;
}

const running = new Map<string, Live>();

/**
 * Shows what `draw` returns and keeps it up to date in the background, while other cells run.
 *
 * `draw` may be async; it is never called twice at once. An error is shown in the picture's place and the
 * next drawing tries again. Nothing is sent while nothing changes.
 *
 * ```ts ignore
 * const chart = await live(() => bars(counts(), { x: "vendor", y: "trips" }), { key: "trips" });
 * ```
 */
export function live(draw: () => unknown, options: LiveOptions = {}): Promise<Live> {
  return startLive(draw, options, screen());
}

/** `live()` on a given screen. */
export async function startLive(
  draw: () => unknown,
  options: LiveOptions,
  on: Screen,
): Promise<Live> {
  if (options.key !== undefined) await running.get(options.key)?.stop();
  const chart = new LivePicture(draw, options, on);
  if (options.key !== undefined) running.set(options.key, chart);
  await chart.show();
  return chart;
}

class LivePicture implements Live {
  #id = "";
  #last = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAtMs = 0;
  #drawing: Promise<void> | undefined;
  #finish: () => void = () => {};
  done: Promise<void> = Promise.resolve();

  constructor(
    private readonly draw: () => unknown,
    private readonly options: LiveOptions,
    private readonly on: Screen,
  ) {
    options.signal?.addEventListener("abort", () => void this.stop(), { once: true });
  }

  get running(): boolean {
    return this.#endsAtMs > 0;
  }

  async show(): Promise<void> {
    await this.#drawing;
    clearTimeout(this.#timer);
    // A new id: the display that the old one names may have died with its page.
    this.#id = crypto.randomUUID();
    const bundle = await this.#current();
    this.#last = JSON.stringify(bundle);
    await this.on.show(bundle, { id: this.#id });
    if (!this.on.inPlace || this.options.signal?.aborted) return;
    if (!this.running) this.done = new Promise((resolve) => this.#finish = resolve);
    this.#endsAtMs = performance.now() + (this.options.forMs ?? 60_000);
    this.#next();
  }

  async update(): Promise<void> {
    await this.#drawing;
    this.#drawing = this.#redraw();
    await this.#drawing;
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    clearTimeout(this.#timer);
    this.#endsAtMs = 0;
    await this.#drawing;
    if (this.options.key !== undefined && running.get(this.options.key) === this) {
      running.delete(this.options.key);
    }
    this.#finish();
  }

  #next(): void {
    this.#timer = setTimeout(async () => {
      if (!this.running) return;
      await this.update();
      if (!this.running) return;
      if (performance.now() < this.#endsAtMs) this.#next();
      else await this.stop();
    }, Math.max(100, this.options.everyMs ?? 500));
  }

  async #redraw(): Promise<void> {
    const bundle = await this.#current();
    const text = JSON.stringify(bundle);
    if (text === this.#last) return;
    this.#last = text;
    await this.on.update(bundle, this.#id);
  }

  async #current(): Promise<Bundle> {
    try {
      return await formats(await this.draw());
    } catch (error) {
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const body = tag("div", { role: "alert" }, `✗ ${escapeHtml(said)}`);
      return await formats(picture(frame(body, { kind: "live" }), `✗ ${said}`));
    }
  }
}
