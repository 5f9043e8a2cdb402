import type { Bundle } from "./picture.ts";

/** Where pictures go: a notebook's cell, or a terminal. */
export interface Screen {
  /** Puts a bundle below the cell that runs. With an id, it can be replaced later. */
  show(
    bundle: Bundle,
    options?: { readonly id?: string; readonly metadata?: object },
  ): Promise<void>;
  /** Replaces what was shown under this id, wherever it is. */
  update(bundle: Bundle, id: string): Promise<void>;
  /** Whether `update` replaces (a notebook) or would print once more (a terminal). */
  readonly inPlace: boolean;
}

/**
 * Deno's kernel: an awaited broadcast is on the wire before the cell's end is told, so it is never lost.
 * A cell's own result may come after that end, and headless clients drop it.
 */
class KernelScreen implements Screen {
  readonly inPlace = true;
  constructor(private readonly kernel: typeof Deno.jupyter) {}

  show(bundle: Bundle, options: { readonly id?: string; readonly metadata?: object } = {}) {
    return this.kernel.broadcast("display_data", {
      data: withOwnIds(shortened(bundle)),
      metadata: options.metadata ?? {},
      transient: options.id === undefined ? {} : { display_id: options.id },
    });
  }

  update(bundle: Bundle, id: string) {
    return this.kernel.broadcast("update_display_data", {
      data: withOwnIds(shortened(bundle)),
      metadata: {},
      transient: { display_id: id },
    });
  }
}

/**
 * Gives a drawing ids of its own. They are the same on every run, so two notebooks in one page would share them, and
 * a browser paints no pattern whose first namesake lies in a hidden tab.
 *
 * @param own What makes them differ. @default random
 */
export function withOwnIds(bundle: Bundle, own = crypto.randomUUID().slice(0, 8)): Bundle {
  const markup = bundle["text/html"];
  if (typeof markup !== "string") return bundle;
  return { ...bundle, "text/html": markup.replaceAll(/( id="|url\(#)taxi-/g, `$1taxi-${own}-`) };
}

let prefix: RegExp | undefined;

/**
 * Leaves a learner's name away in front of the course's names, in everything that is shown from now on.
 *
 * @param learner undefined to show names as they are.
 */
export function shortenNames(learner: string | undefined): void {
  prefix = learner === undefined
    ? undefined
    : new RegExp(`(?<![\\w.-])${learner}\\.(?=nb\\d\\d\\.|demo_1|datatalk|consumer\\.group)`, "g");
}

function shortened(bundle: Bundle): Bundle {
  const before = prefix;
  if (before === undefined) return bundle;
  const short = (value: unknown) => typeof value === "string" ? value.replace(before, "") : value;
  return Object.fromEntries(
    Object.entries(bundle).map(([format, value]) => [format, short(value)]),
  ) as Bundle;
}

/** A terminal or a test: prints the text form; an update prints nothing. */
class TextScreen implements Screen {
  readonly inPlace = false;

  show(bundle: Bundle) {
    console.log(String(shortened(bundle)["text/plain"] ?? ""));
    return Promise.resolve();
  }

  update() {
    return Promise.resolve();
  }
}

let known: Screen | undefined;

/** The screen of this process, found once. */
export function screen(): Screen {
  return known ??= find();
}

function find(): Screen {
  try {
    // Outside a kernel even reading `Deno.jupyter` may throw.
    if (typeof Deno.jupyter?.broadcast === "function") return new KernelScreen(Deno.jupyter);
  } catch { /* no kernel: a terminal */ }
  return new TextScreen();
}
