/**
 * Judges a stream application by what it did to every single record, as Kafka's own `EosTestDriver` does.
 *
 * The application under test copies each record ("echo") and writes a running count per key. Totals prove little:
 * a record lost and another doubled leave them as they were. So order, and every count, are compared.
 *
 * @module
 */

/** A record as far as it matters here. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** What went in and came out, partition by partition, in the order of the log. */
export interface Evidence {
  /** What was written and acknowledged; values differ. */
  readonly input: readonly (readonly Entry[])[];
  /** The copies, read committed, after everything came to rest. */
  readonly echo: readonly (readonly Entry[])[];
  /** Running counts by key: 1, 2, 3, … */
  readonly counts: readonly (readonly Entry[])[];
  /** What a read-committed reader saw of the copies while the faults went on. @default nobody looked */
  readonly seen?: readonly (readonly Entry[])[];
  /** Records the application has not committed. */
  readonly lag: number;
  /** Partitions whose end a transaction still holds back. */
  readonly openTransactions: number;
}

/** What can be wrong. */
export type AnomalyKind =
  /** A record that was acknowledged has no copy. */
  | "lost write"
  /** A record has more than one copy. */
  | "duplicate"
  /** Copies stand in another order than their records. */
  | "reorder"
  /** A copy, or something a reader saw, that is not there for anybody else. */
  | "aborted read"
  /** A reader skipped a copy. */
  | "gap"
  /** A reader went back. */
  | "rewind"
  /** A running count is not what a recomputation gives. */
  | "inconsistent count"
  /** A copy without its count, or a count without its copy. */
  | "torn transaction"
  /** It came to rest before it was done. */
  | "stuck"
  /** A result is wrong in another way than those above. */
  | "wrong answer"
  /** An error that does not say what is wrong, where, or what to do. */
  | "unclear error"
  /** A process ended by itself, or did not end when told to. */
  | "wrong exit"
  /** It took far longer than it may. */
  | "stall"
  /** Something is left over: memory, a member, a process, a file. */
  | "leak"
  /** The round itself could not go on. */
  | "broke off";

/** One thing that is wrong, and where. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  /** Undefined for the application as a whole. */
  readonly partition?: number;
  readonly detail: string;
}

/**
 * Everything that is wrong; empty when each record was processed exactly once, in order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findAnomalies } from "./anomalies.ts";
 * const a = { key: "k", value: "a" }, one = { key: "k", value: "1" }, two = { key: "k", value: "2" };
 * const twice = { input: [[a]], echo: [[a, a]], counts: [[one, two]], lag: 0, openTransactions: 0 };
 * assert.deepEqual(findAnomalies(twice).map(({ kind }) => kind), ["duplicate", "inconsistent count"]);
 * ```
 */
export function findAnomalies(evidence: Evidence): Anomaly[] {
  const { input, echo, counts, seen, lag, openTransactions } = evidence;
  const found: Anomaly[] = [];
  for (const [partition, wanted] of input.entries()) {
    const copies = echo[partition] ?? [];
    const anomalies = [
      ...copyFaults(wanted, copies),
      ...countFaults(wanted, { copies, counts: counts[partition] ?? [] }),
      ...readerFaults(copies, seen?.[partition] ?? []),
    ];
    for (const one of anomalies) found.push({ ...one, partition });
  }
  if (lag > 0) found.push({ kind: "stuck", detail: `${lag} records are not committed` });
  if (openTransactions > 0) {
    found.push({
      kind: "stuck",
      detail: `${openTransactions} partitions with an open transaction`,
    });
  }
  return found;
}

/** One line for each kind, with how often and the first case. */
export function summary(anomalies: readonly Anomaly[]): string[] {
  return [...Map.groupBy(anomalies, ({ kind }) => kind)].map(([kind, cases]) =>
    `${kind} ×${cases.length}: partition ${cases[0]!.partition ?? "-"}, ${cases[0]!.detail}`
  );
}

/** What is wrong with the copies of some records whose values differ. */
export function copyFaults(wanted: readonly Entry[], copies: readonly Entry[]): Anomaly[] {
  const found: Anomaly[] = [], places = new Map<string, number>();
  const known = new Map(wanted.map(({ value }, at) => [value, at]));
  let last = -1;
  for (const [at, { value }] of copies.entries()) {
    const place = known.get(value);
    if (place === undefined) {
      found.push({ kind: "aborted read", detail: `copy ${at} ("${value}") was never written` });
    } else if (places.has(value)) {
      found.push({ kind: "duplicate", detail: `"${value}" at ${places.get(value)} and ${at}` });
    } else {
      places.set(value, at);
      if (place < last) {
        found.push({ kind: "reorder", detail: `"${value}" at ${at} comes too late` });
      }
      last = Math.max(last, place);
    }
  }
  for (const { value } of wanted) {
    if (!places.has(value)) found.push({ kind: "lost write", detail: `"${value}" has no copy` });
  }
  return found;
}

function countFaults(
  wanted: readonly Entry[],
  { copies, counts }: { readonly copies: readonly Entry[]; readonly counts: readonly Entry[] },
): Anomaly[] {
  const found: Anomaly[] = [], running = new Map<string, number>();
  for (const [at, { key, value }] of counts.entries()) {
    const expected = wanted[at];
    const count = (running.get(expected?.key ?? key) ?? 0) + 1;
    running.set(expected?.key ?? key, count);
    if (expected && key === expected.key && value === `${count}`) continue;
    const should = expected ? `${expected.key}=${count}` : "nothing";
    found.push({ kind: "inconsistent count", detail: `${key}=${value} at ${at}, not ${should}` });
    // One wrong count makes all later ones wrong.
    break;
  }
  if (copies.length !== counts.length) {
    const detail = `${copies.length} copies, ${counts.length} counts`;
    found.push({ kind: "torn transaction", detail });
  }
  return found;
}

function readerFaults(copies: readonly Entry[], seen: readonly Entry[]): Anomaly[] {
  const found: Anomaly[] = [];
  const place = new Map(copies.map(({ value }, at) => [value, at]));
  let next: number | undefined;
  for (const { value } of seen) {
    const at = place.get(value);
    if (at === undefined) {
      found.push({ kind: "aborted read", detail: `a reader saw "${value}", which is not there` });
      continue;
    }
    if (next !== undefined && at > next) {
      found.push({ kind: "gap", detail: `a reader skipped from ${next} to ${at}` });
    } else if (next !== undefined && at < next) {
      found.push({ kind: "rewind", detail: `a reader went back from ${next} to ${at}` });
    }
    next = at + 1;
  }
  return found;
}
