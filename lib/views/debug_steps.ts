import type { TopologyView } from "./topology_view.ts";

/** What happened to a record at one part of a program. */
export interface DebugEvent {
  /** Name of the node where it happened. */
  readonly node: string;
  /** "passed" on to the next node, "dropped", "held" back until later, or "wrote" to a topic. */
  readonly what: "passed" | "dropped" | "held" | "wrote";
  /** Decoded; null where there is none. */
  readonly key: unknown;
  /** Decoded; null is a tombstone. */
  readonly value: unknown;
  /** Why it was dropped, the way out it took, or the topic it was written to; empty where there is nothing to say. */
  readonly detail: string;
}

/** A row of a store after a step. */
export interface DebugRow {
  /** Decoded; null where the engine's own key cannot be. */
  readonly key: unknown;
  /** Its window, or null; times in Unix epoch ms. */
  readonly window: { readonly start: number; readonly end: number } | null;
  /** The time from which it holds, Unix epoch ms, where a store keeps rows by time; null elsewhere. */
  readonly fromMs: number | null;
  /** Decoded; for a removed row what it held. */
  readonly value: unknown;
  /** What the step did to it. */
  readonly change: "new" | "changed" | "removed" | null;
  /** What a changed row held before the step; null elsewhere. */
  readonly before: unknown;
  /** Whether its window takes no more records. */
  readonly closed: boolean;
}

/** A store after a step. */
export interface DebugTable {
  /** As the program calls it. */
  readonly store: string;
  /** Rows that changed first; at most so many as are worth drawing. */
  readonly rows: readonly DebugRow[];
  /** Rows that are there and not among `rows`. */
  readonly more: number;
}

/** One record processed by one task, or one turn of its timers. */
export interface DebugStep {
  /** Sub-topology and partition, as in `0_1`. */
  readonly task: string;
  /** What was processed; null when time alone did something. */
  readonly record: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly key: unknown;
    readonly value: unknown;
    readonly timestamp: number;
  } | null;
  /** The task's stream time after the step, Unix epoch ms; -1 before its first record. */
  readonly streamTimeMs: number;
  /** Ids of the topology's boxes that the record came to, in order. */
  readonly visited: readonly string[];
  /** Ids of the boxes at which it was dropped. */
  readonly dropped: readonly string[];
  /** In the order in which it happened. */
  readonly events: readonly DebugEvent[];
  /** Every store of the program. */
  readonly tables: readonly DebugTable[];
  /** Windows that this step closed, in stream time. */
  readonly closed: readonly {
    readonly store: string;
    readonly key: unknown;
    readonly start: number;
    readonly end: number;
  }[];
}

/** A program's way through some records, step by step: plain data, to be drawn. */
export interface DebugSteps {
  /** What the records walk through. */
  readonly topology: TopologyView;
  /** The first steps, as many as were asked for. */
  readonly steps: readonly DebugStep[];
  /** Steps that came after those. */
  readonly leftOut: number;
}
