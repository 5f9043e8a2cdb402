/**
 * Random scenarios, the same for the same seed: what Kafka Streams makes of them is not known yet.
 *
 * @module
 */
import type { Scenario, ScenarioRecord, Step, Where } from "./scenario.ts";

/** What a step made, and what can be done with it. */
interface Made {
  readonly id: string;
  readonly kind: "stream" | "table" | "global" | "grouped" | "groupedTable" | "windowed";
  /** Whether values have fields; others are numbers. */
  readonly fields: boolean;
  readonly versioned?: boolean;
  /** The windows that its keys have, or will have. */
  readonly windows?: Step;
  /** How long windows are kept; by itself Kafka Streams keeps them no longer than records can change them. */
  readonly retention?: number;
  /** How many joins its values are deep, so that they stay small. */
  readonly depth: number;
}

type Made1 = Omit<Made, "id">;

const START_MS = 1_609_459_200_000;
const KEYS = ["1", "2", "3", "4"];
const FIELDS = ["vendor", "zone"];
const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const DEEPEST = 4;

/** Numbers that follow from a seed (mulberry32). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    let mixed = this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  seconds(most: number): number {
    return this.below(most + 1) * SECOND_MS;
  }
}

/** A random topology of every kind of step, and records for it. */
export function randomScenario(seed: number): Scenario {
  const dice = new Dice(seed), graph = new RandomGraph(dice);
  return { name: `random-${seed}`, ...graph.build(), expected: [] };
}

class RandomGraph {
  readonly #steps: Step[] = [];
  readonly #made: Made[] = [];
  readonly #used = new Set<string>();
  readonly #topics: string[] = [];

  constructor(readonly dice: Dice) {}

  build(): Pick<Scenario, "topology" | "input"> {
    const { dice } = this;
    const sources = 2 + dice.below(3);
    for (let at = 0; at < sources; at++) this.#source("abcd"[at]!);
    const wanted = 3 + dice.below(8);
    for (let tries = 0; this.#steps.length < sources + wanted && tries < 200; tries++) {
      this.#grow(dice.of(this.#made));
    }
    for (const one of this.#made) {
      const ends = one.kind === "stream" || one.kind === "table";
      if (ends && (!this.#used.has(one.id) || dice.chance(0.2))) {
        this.#steps.push({ op: "to", of: one.id, topic: `out-${one.id}` });
      }
    }
    return { topology: this.#steps, input: this.#input() };
  }

  #source(topic: string): void {
    const { dice } = this, [share, depth] = [dice.next(), 0];
    this.#topics.push(topic);
    if (share < 0.4) this.#add({ op: "stream", topic }, { kind: "stream", fields: true, depth });
    else if (share < 0.65) {
      const store = dice.chance(0.5) ? { store: `store-${topic}` } : {};
      this.#add({ op: "table", topic, ...store }, { kind: "table", fields: true, depth });
    } else if (share < 0.9) {
      const versioned = 10 * SECOND_MS + dice.seconds(60);
      this.#add({ op: "table", topic, versioned }, {
        ...{ kind: "table", fields: true, depth, versioned: true },
      });
    } else this.#add({ op: "globalTable", topic }, { kind: "global", fields: true, depth });
  }

  #add(step: Step, made: Made1, ...from: readonly Made[]): void {
    const id = `n${this.#steps.length}`;
    this.#steps.push({ id, ...step });
    this.#made.push({ ...made, id });
    for (const { id } of from) this.#used.add(id);
  }

  /** One step more on what a step made. */
  #grow(of: Made): void {
    if (of.kind === "stream") this.#growStream(of);
    else if (of.kind === "table") this.#growTable(of);
    else if (of.kind === "grouped") this.#growGrouped(of);
    else if (of.kind === "groupedTable" || of.kind === "windowed") this.#result(of);
  }

  #growStream(of: Made): void {
    const { dice } = this, same = (step: Step) => this.#add({ of: of.id, ...step }, of, of);
    switch (dice.below(of.windows ? 5 : 15)) {
      case 0:
        return same({ op: dice.of(["filter", "filterNot"]), where: this.#where() });
      case 1:
        return this.#mapped(of);
      case 2:
        return same({ op: "stamp" });
      case 3:
      case 4: {
        const made: Made1 = { kind: "grouped", fields: of.fields, depth: of.depth };
        const step = { op: "groupBy", of: of.id, field: dice.of(FIELDS) };
        return this.#add(step, made, of);
      }
      case 5:
        return same({ op: "selectKey", field: dice.of(FIELDS) });
      case 6: {
        const other = this.#other(of, "stream");
        return other && this.#add(
          { op: "merge", of: of.id, with: other.id },
          {
            ...of,
            fields: of.fields && other.fields,
          },
          of,
          other,
        );
      }
      case 7: {
        if (dice.chance(0.5)) return same({ op: "repartition" });
        const step = {
          ...{ op: "flatMapValues", of: of.id, field: "stops" },
        };
        return this.#add(step, { ...of, fields: false }, of);
      }
      case 8: {
        const id = `n${this.#steps.length}`;
        const arms = [{ id: `${id}x`, where: this.#where() }, { id: `${id}y` }];
        this.#steps.push({ op: "branch", of: of.id, arms });
        this.#used.add(of.id);
        for (const arm of arms) this.#made.push({ ...of, id: arm.id });
        return;
      }
      case 9:
        return this.#add({ op: "groupByKey", of: of.id }, { ...of, kind: "grouped" }, of);
      case 10: {
        const kept = dice.next();
        const step = {
          ...{ op: "toTable", of: of.id },
          ...(kept < 0.4 ? { generated: true } : {}),
          ...(kept > 0.8 ? { versioned: 20 * SECOND_MS } : {}),
        };
        return this.#add(step, { ...of, kind: "table", versioned: kept > 0.8 }, of);
      }
      case 11:
      case 12:
        return this.#lookup(of);
      default:
        return this.#joinStreams(of);
    }
  }

  #lookup(of: Made): void {
    const { dice } = this;
    const tables = this.#made.filter((one) =>
      (one.kind === "table" || one.kind === "global") && !one.windows &&
      this.#shallow(of, one)
    );
    if (tables.length === 0) return;
    const table = dice.of(tables), type = dice.of(["inner", "left"] as const);
    const grace = table.versioned && dice.chance(0.5) ? { grace: dice.seconds(8) } : {};
    const field = table.kind === "global" && dice.chance(0.7) ? { field: dice.of(FIELDS) } : {};
    const step = {
      ...{ op: "tableLookup", of: of.id, with: table.id, type, ...grace, ...field },
    };
    this.#add(step, this.#joined(of, table), of, table);
  }

  #joinStreams(of: Made): void {
    const { dice } = this, other = this.#other(of, "stream", true);
    if (!other) return;
    const step: Step = {
      ...{ op: "streamJoin", of: of.id, with: other.id },
      type: dice.of(["inner", "left", "outer"] as const),
      ...{ before: dice.seconds(6), after: dice.seconds(6), grace: dice.seconds(4) },
    };
    this.#add(step, this.#joined(of, other), of, other);
  }

  #growTable(of: Made): void {
    const { dice } = this;
    const store = !of.windows && dice.chance(0.3) ? { store: `store-n${this.#steps.length}` } : {};
    // Rows of a store are the latest; those that are only computed follow the table before.
    const kept: Made = "store" in store ? { ...of, versioned: false } : of;
    switch (dice.below(of.windows ? 7 : 12)) {
      case 0: {
        const op = dice.of(["filter", "filterNot"]);
        return this.#add({ op, of: of.id, where: this.#where(), ...store }, kept, of);
      }
      case 1:
        return this.#mapped(kept, store);
      case 2:
        return this.#add({ op: "stamp", of: of.id, ...store }, kept, of);
      case 3:
      case 4:
        return this.#suppressed(of);
      case 5:
        return this.#add({ op: "toStream", of: of.id }, {
          ...{ kind: "stream", fields: of.fields, depth: of.depth },
          ...(of.windows ? { windows: of.windows } : {}),
        }, of);
      case 6:
      case 7: {
        const made: Made1 = { kind: "groupedTable", fields: of.fields, depth: of.depth };
        return this.#add({ op: "groupBy", of: of.id, field: dice.of(FIELDS) }, made, of);
      }
      case 8:
      case 9: {
        const other = this.#other(of, "table", true);
        if (!other) return;
        const type = dice.of(["inner", "left"] as const);
        const field = dice.of(FIELDS);
        return this.#add(
          { op: "foreignKeyJoin", of: of.id, with: other.id, field, type, ...store },
          { ...this.#joined(of, other), versioned: false },
          ...[of, other],
        );
      }
      default: {
        const other = this.#other(of, "table", true);
        if (!other || other === of) return;
        // Ours keeps windows for a day, for queries; so it would find more.
        if (of.windows && (!of.retention || !other.retention)) return;
        const type = dice.of(["inner", "left", "outer"] as const);
        return this.#add(
          { op: "tableJoin", of: of.id, with: other.id, type, ...store },
          { ...this.#joined(of, other), versioned: false },
          ...[of, other],
        );
      }
    }
  }

  #suppressed(of: Made): void {
    const { dice } = this;
    if (of.versioned) return;
    const step: Step = of.windows && dice.chance(0.8)
      ? { op: "suppress", of: of.id, until: "windowCloses" }
      : {
        ...{ op: "suppress", of: of.id, until: "timeLimit", limit: dice.seconds(15) },
        ...(dice.chance(0.3) ? { most: 1 + dice.below(3) } : {}),
      };
    this.#add(step, of, of);
  }

  #growGrouped(of: Made): void {
    const { dice } = this;
    if (dice.chance(0.35)) return this.#result(of);
    if (dice.chance(0.25)) {
      const other = this.#other(of, "grouped");
      if (!other || other === of) return;
      const windows = dice.chance(0.7) ? { windows: this.#windows() } : {};
      const kept = windows.windows && dice.chance(0.5) ? { retention: DAY_MS } : {};
      return this.#add(
        { op: "cogroup", of: of.id, with: other.id, field: "amount", ...windows, ...kept },
        { kind: "table", fields: false, depth: 0, ...windows, ...kept },
        ...[of, other],
      );
    }
    const windows = this.#windows();
    this.#add({ ...windows, of: of.id }, { ...of, kind: "windowed", windows }, of);
  }

  #windows(): Step {
    const { dice } = this, grace = dice.seconds(10);
    const size = (1 + dice.below(20)) * SECOND_MS;
    switch (dice.below(4)) {
      case 0:
        return { op: "tumbling", size, grace };
      case 1: {
        const advance = Math.max(SECOND_MS, Math.floor(size / (2 + dice.below(3)) / 500) * 500);
        return { op: "hopping", size, advance: Math.min(size, advance), grace };
      }
      case 2:
        return { op: "sliding", difference: size, grace };
      default:
        return { op: "session", gap: size, grace };
    }
  }

  #result(of: Made): void {
    const { dice } = this;
    const op = dice.of(["count", "sum", "max", "min", "fives"]);
    const emit: Pick<Step, "emit"> = of.windows && dice.chance(0.3) ? { emit: "windowClose" } : {};
    const kept = of.windows && (emit.emit || dice.chance(0.5)) ? { retention: DAY_MS } : {};
    this.#add({ op, of: of.id, field: "amount", ...emit, ...kept }, {
      ...{ kind: "table", fields: false, depth: 0 },
      ...(of.windows ? { windows: of.windows, ...kept } : {}),
    }, of);
  }

  #mapped(of: Made, store: { readonly store?: string } = {}): void {
    const field = this.dice.of(["amount", "amount", "vendor"]);
    this.#add({ op: "mapValues", of: of.id, field, ...store }, { ...of, fields: false }, of);
  }

  /** Something else to put beside it: the same kind of thing, with the same windows. */
  #other(of: Made, kind: Made["kind"], deeper = false): Made | undefined {
    const fitting = this.#made.filter((one) =>
      one.kind === kind && one.windows === of.windows && (!deeper || this.#shallow(of, one))
    );
    return fitting.length > 0 ? this.dice.of(fitting) : undefined;
  }

  #shallow(left: Made, right: Made): boolean {
    return Math.max(left.depth, right.depth) < DEEPEST;
  }

  #joined(left: Made, right: Made): Made1 {
    return { ...left, fields: true, depth: Math.max(left.depth, right.depth) + 1 };
  }

  #where(): Where {
    const { dice } = this;
    if (dice.chance(0.6)) {
      const limit = 10 + dice.below(50);
      return dice.chance(0.5) ? { field: "amount", lt: limit } : { field: "amount", gte: limit };
    }
    return { field: dice.of(FIELDS), eq: dice.of(KEYS) };
  }

  #input(): ScenarioRecord[] {
    const { dice } = this, count = 15 + dice.below(40);
    // Kafka Streams loses those of sessions, and gives results on close those of a record that is none of theirs.
    const withHeaders = !this.#steps.some(({ op, emit, windows }) =>
      op === "session" || windows?.op === "session" || emit !== undefined
    );
    let now = START_MS;
    return Array.from({ length: count }, () => {
      now += dice.chance(0.1) ? dice.seconds(40) : dice.seconds(4);
      const late = dice.chance(0.3) ? dice.seconds(20) : 0;
      const headers = withHeaders && dice.chance(0.4)
        ? Array.from(
          { length: 1 + dice.below(2) },
          () => [dice.of(["a", "b"]), dice.of(["x", "y", "z"])] as const,
        )
        : undefined;
      return {
        topic: dice.of(this.#topics),
        key: dice.chance(0.07) ? null : dice.of(KEYS),
        value: dice.chance(0.12) ? null : {
          vendor: dice.chance(0.08) ? null : dice.of(KEYS),
          zone: dice.chance(0.08) ? null : dice.of(KEYS),
          amount: dice.below(240) / 4,
          stops: Array.from({ length: dice.below(3) }, () => dice.below(9)),
        },
        timestamp: Math.max(START_MS, now - late),
        ...(headers ? { headers } : {}),
      };
    });
  }
}
