import { behind } from "./behind.ts";
import {
  type Behind,
  type BrokerLine,
  GAP_MS,
  type GroupHistory,
  type GroupLine,
  HISTORY_MS,
  type Holding,
  type LagLine,
  type LagSample,
  type RateHistory,
  SAMPLE_EVERY_MS,
  type TopicLine,
} from "../../contract.ts";

const SAMPLES = HISTORY_MS / SAMPLE_EVERY_MS, HOLDINGS = 200, NAMES = 2_000;
/** Lines of a group's chart: its worst partitions and the sum of all, so that memory does not grow with partitions. */
const LINES = 40;

interface KnownGroup {
  samples: LagSample[];
  holdings: Holding[];
  topics: readonly string[];
  lastSeenMs: number;
}

/** Totals of one name, one for each sample; null where it was not there. */
type Totals = (number | null)[];

/**
 * Remembers a quarter of an hour of the cluster: each group's lag, who owned what when, how many records went where, and what each
 * broker led and kept.
 *
 * A sample every five seconds; two that are further apart than three times that have a gap between them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { History } from "./history.ts";
 * const history = new History();
 * const partitions = [{ topic: "demo_1", partition: 0 }];
 * const lags = [{ topic: "demo_1", partition: 0, committed: 1, end: 3, lag: 2, member: "a" }];
 * const members = [{ member: "a", memberId: "a-1", partitions }];
 * history.add({ topics: [], groups: [{ group: "g", state: "Stable", members, lag: 2, lags }] }, 1_000);
 * assert.deepEqual(history.of("g").holdings, [{ partition: "demo_1-0", member: "a", from: 1_000, to: 1_000 }]);
 * ```
 */
export class History {
  readonly #groups = new Map<string, KnownGroup>();
  #times: number[] = [];
  readonly #written = new Map<string, Totals>();
  readonly #committed = new Map<string, Totals>();
  readonly #lag = new Map<string, Totals>();
  readonly #leads = new Map<string, Totals>();
  readonly #stored = new Map<string, Totals>();
  #lookedMs = -Infinity;

  /** Takes topics, groups and brokers as they are at one moment. */
  add(
    { topics, groups, brokers = [] }: {
      readonly topics: readonly TopicLine[];
      readonly groups: readonly GroupLine[];
      readonly brokers?: readonly BrokerLine[];
    },
    atMs: number,
  ): void {
    const isDue = atMs - (this.#times.at(-1) ?? -Infinity) >= SAMPLE_EVERY_MS * 0.9;
    for (const line of groups) this.#follow(line, { atMs, isDue });
    this.#lookedMs = atMs;
    if (!isDue) return;
    this.#times.push(atMs);
    this.#take(this.#written, topics.map(({ topic, end }) => [topic, sumOf(end)]));
    this.#take(
      this.#committed,
      groups.map(({ group, lags }) => [group, sumOf(lags.map(({ committed }) => committed ?? 0))]),
    );
    this.#take(this.#lag, groups.map(({ group, lag }) => [group, lag]));
    const leaders = topics.flatMap((one) => one.leaders);
    this.#take(
      this.#leads,
      brokers.map(({ broker }) => [`${broker}`, leaders.filter((one) => one === broker).length]),
    );
    this.#take(this.#stored, brokers.map(({ broker, bytes }) => [`${broker}`, bytes]));
    if (this.#times.length > SAMPLES) this.#times.shift();
    for (const [group, { lastSeenMs }] of this.#groups) {
      if (atMs - lastSeenMs > HISTORY_MS) this.#groups.delete(group);
    }
  }

  /**
   * What is remembered of a group; nothing when it is not known.
   *
   * @param sinceMs Only samples that were taken after it, and who held something then or later. @default everything
   */
  of(group: string, sinceMs: number = -Infinity): GroupHistory {
    const { samples, holdings } = this.#groups.get(group) ?? { samples: [], holdings: [] };
    return {
      samples: samples.filter(({ atMs }) => atMs > sinceMs),
      holdings: holdings.filter(({ to }) => to >= sinceMs),
    };
  }

  /**
   * What is remembered of these topics, groups and brokers.
   *
   * @param of.sinceMs Only what was sampled after it. @default everything
   */
  rates({ topics = [], groups = [], brokers = [], sinceMs = -Infinity }: {
    readonly topics?: readonly string[];
    readonly groups?: readonly string[];
    readonly brokers?: readonly string[];
    readonly sinceMs?: number;
  }): RateHistory {
    const known = this.#times.findIndex((ms) => ms > sinceMs);
    const from = known < 0 ? this.#times.length : known;
    const all = (
      of: ReadonlyMap<string, Totals>,
      names: readonly string[],
      as = (totals: Totals) => totals,
    ) =>
      names.flatMap((name) => {
        const totals = of.get(name);
        return totals ? [[name, as(totals).slice(from)] as const] : [];
      });
    const perSecond = (totals: Totals) => this.#perSecond(totals);
    return {
      atMs: this.#times.slice(from),
      rates: Object.fromEntries([
        ...all(this.#written, topics, perSecond),
        ...all(this.#committed, groups, perSecond),
      ]),
      lags: Object.fromEntries(all(this.#lag, groups)),
      leads: Object.fromEntries(all(this.#leads, brokers)),
      stored: Object.fromEntries(all(this.#stored, brokers)),
      behind: Object.fromEntries(groups.map((name) => [name, this.#behind(name)])),
    };
  }

  #behind(group: string): Behind | null {
    const lag = this.#lag.get(group)?.at(-1) ?? null;
    const topics = this.#groups.get(group)?.topics ?? [];
    const ends = this.#times.map((_, at) =>
      sumOf(topics.map((one) => this.#written.get(one)?.at(at) ?? null))
    );
    return lag === null || topics.length === 0 ? null : behind(this.#times, ends, lag);
  }

  #perSecond(totals: Totals): (number | null)[] {
    return totals.map((total, at) => {
      const before = totals[at - 1] ?? null, ms = this.#times[at]! - (this.#times[at - 1] ?? 0);
      // A total that fell: the topic was deleted and made again, or the group went back in time.
      if (total === null || before === null || total < before || ms > GAP_MS) return null;
      return Math.round((total - before) * 10_000 / ms) / 10;
    });
  }

  #take(of: Map<string, Totals>, now: readonly (readonly [string, number | null])[]): void {
    const length = this.#times.length, there = new Map(now);
    for (const [name, total] of there) {
      const known = of.get(name) ?? Array.from({ length: length - 1 }, () => null);
      if (!of.has(name) && of.size >= NAMES) continue;
      known.push(total);
      of.set(name, known);
    }
    for (const [name, totals] of of) {
      if (totals.length < length) totals.push(null);
      if (totals.length > SAMPLES) totals.shift();
      if (totals.every((one) => one === null)) of.delete(name);
    }
  }

  #follow(
    { group, lags, members }: GroupLine,
    { atMs, isDue }: { readonly atMs: number; readonly isDue: boolean },
  ): void {
    const known = this.#groups.get(group) ?? {
      ...{ samples: [], holdings: [], topics: [] },
      lastSeenMs: atMs,
    };
    this.#groups.set(group, known);
    known.topics = [...new Set(lags.map(({ topic }) => topic))];
    if (isDue) {
      const worst = [...lags].sort((a, b) => (b.lag ?? 0) - (a.lag ?? 0)).slice(0, LINES);
      const shown = lags.filter((one) => worst.includes(one));
      known.samples.push({
        atMs,
        lags: byPartition(shown, ({ lag }) => lag),
        committed: byPartition(shown, ({ committed }) => committed),
      });
      if (known.samples.length > SAMPLES) known.samples.shift();
    }
    // Ownership between two samples is not known.
    const isUnbroken = atMs - this.#lookedMs <= GAP_MS;
    const latest = new Map(known.holdings.map((one, at) => [one.partition, at]));
    for (const { member, partitions } of members) {
      for (const { topic, partition } of partitions) {
        const name = `${topic}-${partition}`, at = latest.get(name) ?? known.holdings.length;
        const last = known.holdings[at];
        const goesOn = isUnbroken && last?.member === member && last.to === known.lastSeenMs;
        if (goesOn) known.holdings[at] = { ...last, to: atMs };
        else {
          latest.set(name, known.holdings.length);
          known.holdings.push({ partition: name, member, from: atMs, to: atMs });
        }
      }
    }
    known.lastSeenMs = atMs;
    known.holdings = known.holdings.slice(-HOLDINGS).filter(({ to }) => atMs - to < HISTORY_MS);
  }
}

/** By `topic-partition`, without those of which it is not known. */
function byPartition(lags: readonly LagLine[], of: (lag: LagLine) => number | null) {
  return Object.fromEntries(
    lags.flatMap((one) => {
      const number = of(one);
      return number === null ? [] : [[`${one.topic}-${one.partition}`, number]];
    }),
  );
}

/** Null where a part is not known: the sum would be too small. */
function sumOf(parts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum;
}
