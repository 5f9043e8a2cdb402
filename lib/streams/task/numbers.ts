/**
 * Numbers that operators keep across restarts: stream times and sequences.
 *
 * @module
 */
import type { NumberCell } from "../operators/operator.ts";

/** What a task writes beside its offsets. */
export interface Times {
  readonly numbers: Readonly<Record<string, number>>;
  /** Source topic -> greatest event time taken. */
  readonly partitions: Readonly<Record<string, number>>;
  /** See `Task.incarnation`. */
  readonly incarnation: string | undefined;
}

/**
 * Reads what {@link Times} were written as; undefined where it is something else: others may commit for the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readTimes } from "./numbers.ts";
 * assert.deepEqual(readTimes('{"numbers":{"time":7,"odd":"x"}}')?.numbers, { time: 7 });
 * assert.equal(readTimes("{by hand"), undefined);
 * ```
 */
export function readTimes(text: string): Times | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { numbers, partitions, incarnation } = JSON.parse(text) as Record<string, unknown>;
    return {
      numbers: numbersIn(numbers),
      partitions: numbersIn(partitions),
      incarnation: typeof incarnation === "string" ? incarnation : undefined,
    };
  } catch {
    return undefined;
  }
}

function numbersIn(value: unknown): Record<string, number> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, one]) => Number.isFinite(one)));
}

/** Numbers by name. */
export class Numbers {
  readonly #cells = new Map<string, { value: number; readonly initial: number }>();
  #loaded: Record<string, number> = {};

  /** The cell of a name. */
  cell(name: string, initial: number): NumberCell {
    let cell = this.#cells.get(name);
    if (!cell) {
      cell = { value: this.#loaded[name] ?? initial, initial };
      this.#cells.set(name, cell);
    }
    return cell;
  }

  /** Values that differ from their start. */
  save(): Record<string, number> {
    const saved: Record<string, number> = {};
    for (const [name, { value, initial }] of this.#cells) {
      if (value !== initial) saved[name] = value;
    }
    return saved;
  }

  /** Sets every cell: those not named go back to their start. */
  load(saved: Readonly<Record<string, number>>): void {
    this.#loaded = { ...saved };
    for (const [name, cell] of this.#cells) cell.value = saved[name] ?? cell.initial;
  }
}
