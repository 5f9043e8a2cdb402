/**
 * What a store is called, what it holds, and where its changelog goes.
 *
 * @module
 */
import type { AnySerde } from "./serde.ts";

/** How a store's keys are laid out in bytes; see `state/layout.ts`. */
export type StoreLayout = "plain" | "window" | "session" | "join" | "pair" | "versioned";

/** How the keys of a windowed topic are written. */
export type WindowKeyFormat = "json" | "faust" | "java";

/** A store of a topology, as plain data (its serdes are objects, all the rest is text and numbers). */
export interface StoreSpec {
  /** Without the application's prefix. */
  readonly name: string;
  /** The topic that its serdes are told: its changelog, also where none is written, or a global table's source. */
  readonly topic?: string;
  /** How keys stand in bytes. */
  readonly layout: StoreLayout;
  /** How keys become bytes; the layout adds window or time. */
  readonly key: AnySerde;
  /** How values become bytes. */
  readonly value: AnySerde;
  /** Whether every change goes to `<app>-<name>-changelog`. */
  readonly logged: boolean;
  /** Filled from a whole topic by every process; not owned by a task. */
  readonly global?: boolean;
  /** Rows are objects of the engine's own, which nobody else can change: kept as they are, encoded at the commit. */
  readonly internal?: boolean;
  /** Size of a window in milliseconds (layout "window"). */
  readonly sizeMs?: number;
  /** How long after its end a window still takes records, in milliseconds (layouts "window" and "session"). */
  readonly graceMs?: number;
  /** How long rows stay after stream time passed them, in milliseconds; Infinity keeps them. */
  readonly retentionMs?: number;
  /** How the keys of the changelog are written (layouts "window" and "session"). @default "json" */
  readonly windowKey?: WindowKeyFormat;
}
