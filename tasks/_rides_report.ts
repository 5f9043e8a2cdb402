import type { SentRide } from "../apps/rides.ts";
import type { MalformedRow } from "../lib/rides/mod.ts";

/** Of the task's flags, those that decide what it says. */
export interface RidesReportOptions {
  readonly topic: string;
  readonly rate: number;
  readonly json?: boolean;
}

/** Malformed rows shown one by one; those after them are counted. */
const SHOWN_ROWS = 20;
/** At full speed a line for each ride would only slow it down. */
const REPORT_EVERY_MS = 1_000;

/** What is told on the way, and the totals at the end. */
export class RidesReport {
  readonly #flags: RidesReportOptions;
  #sent = 0;
  #malformed = 0;
  #reportedMs = performance.now();

  constructor(flags: RidesReportOptions) {
    this.#flags = flags;
  }

  /** A line for people: on stderr when stdout is for programs. */
  readonly say = (line: string): void => {
    if (this.#flags.json) console.error(line);
    else console.log(line);
  };

  sent(rides: readonly SentRide[]): void {
    this.#sent += rides.length;
    if (this.#flags.rate < Infinity) {
      for (const ride of rides) this.#line(ride);
    } else if (performance.now() - this.#reportedMs > REPORT_EVERY_MS) {
      this.#reportedMs = performance.now();
      this.say(`sending … ${this.#sent} rides`);
    }
  }

  malformed(row: MalformedRow): void {
    this.#malformed += 1;
    if (this.#flags.json) console.log(JSON.stringify({ malformed: row }));
    if (this.#malformed <= SHOWN_ROWS) console.error(`line ${row.line}: ${row.reason} (left out)`);
  }

  end(): void {
    const sent = this.#sent, malformed = this.#malformed, rows = sent + malformed;
    const more = malformed - SHOWN_ROWS;
    if (more > 0) console.error(`… and ${more} more malformed rows (--json names each)`);
    const { topic, json } = this.#flags;
    if (json) console.log(JSON.stringify({ total: { topic, rows, sent, malformed } }));
    else console.log(`"${topic}": ${rows} rows, ${sent} sent, ${malformed} malformed`);
  }

  #line(ride: SentRide): void {
    if (this.#flags.json) return console.log(JSON.stringify(ride));
    const { partition, offset, value } = ride;
    console.log(`producing ${JSON.stringify(value)} → partition ${partition}, offset ${offset}`);
  }
}
