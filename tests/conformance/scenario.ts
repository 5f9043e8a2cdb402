/**
 * Conformance scenarios: a topology, its input, and what Kafka Streams 4.3.1 made of it.
 *
 * @module
 */

/** A question about one field of a value. */
export interface Where {
  readonly field: string;
  readonly lt?: number;
  readonly gte?: number;
  readonly eq?: unknown;
}

/** One step; which fields it has follows from `op`. */
export interface Step {
  readonly op: string;
  readonly id?: string;
  readonly of?: string;
  readonly with?: string;
  readonly topic?: string;
  readonly field?: string;
  readonly where?: Where;
  readonly arms?: readonly { readonly id: string; readonly where?: Where }[];
  readonly type?: "inner" | "left" | "outer";
  readonly until?: "windowCloses" | "timeLimit";
  /** Keeps the step's rows in a store of that name. */
  readonly store?: string;
  /** A table made of a stream whose store gets no name. */
  readonly generated?: boolean;
  /** When windows give their results. @default at every update */
  readonly emit?: "windowClose";
  /** The windows of a cogroup, as a step of their own would say them. */
  readonly windows?: Step;
  /** Most updates that `suppress` holds. */
  readonly most?: number;
  /** All times in milliseconds. */
  readonly limit?: number;
  readonly versioned?: number;
  readonly retention?: number;
  readonly size?: number;
  readonly advance?: number;
  readonly difference?: number;
  readonly gap?: number;
  readonly grace?: number;
  readonly before?: number;
  readonly after?: number;
}

/** A record of a scenario. */
export interface ScenarioRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: unknown;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Present where the key belongs to a window. */
  readonly window?: { readonly start: number; readonly end: number };
  /** Names and texts, in order; left out where there are none. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** A whole scenario. */
export interface Scenario {
  readonly name: string;
  readonly topology: readonly Step[];
  readonly input: readonly ScenarioRecord[];
  readonly expected: readonly ScenarioRecord[];
}

/** Reads a scenario. @throws {SyntaxError} If the text is not one */
export function parseScenario(text: string): Scenario {
  const scenario = JSON.parse(text) as Partial<Scenario>;
  const { name, topology, input, expected } = scenario;
  if (!Array.isArray(topology) || !Array.isArray(input) || !Array.isArray(expected)) {
    throw new SyntaxError(
      `Cannot read scenario "${name ?? ""}": it needs lists topology, input and expected`,
    );
  }
  return { name: name ?? "", topology, input, expected };
}
