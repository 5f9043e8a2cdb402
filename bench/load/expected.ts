import { pickupMs, rideAt, rideNumber } from "./ride.ts";

/** What an engine is asked to work out. */
export type Question =
  /** Rides per vendor: a repartition, a table, its changelog. */
  | { readonly what: "count" }
  /** Rides per number of the ride modulo `keys`: as `count`, with as many keys as wanted. */
  | { readonly what: "keys"; readonly keys: number }
  /** Records of so many numbers, each equally often, per number: no repartition, a large table, its changelog. */
  | { readonly what: "distinct"; readonly keys: number }
  /** Rides per vendor and minute of pickup. */
  | { readonly what: "windows" }
  /** Rides from 40 dollars on to one topic, the others to another. */
  | { readonly what: "branch" };

const MINUTE_MS = 60_000;

/**
 * The right answer, worked out from the load itself: what each label has to count to in the end.
 *
 * Labels: the vendor; the key; the vendor and the minute's first epoch ms; `high` and `low`.
 */
export function expected(question: Question, records: number): ReadonlyMap<string, number> {
  const name = `${JSON.stringify(question)} ${records}`;
  const answer = known.get(name) ?? workOut(question, records);
  known.set(name, answer);
  return answer;
}

const known = new Map<string, ReadonlyMap<string, number>>();

function workOut(question: Question, records: number): ReadonlyMap<string, number> {
  const answer = new Map<string, number>();
  if (question.what === "distinct") {
    for (let key = 0; key < question.keys; key++) answer.set(`${key}`, records / question.keys);
    return answer;
  }
  for (let i = 0; i < records; i++) {
    const label = labelOf(question, i);
    answer.set(label, (answer.get(label) ?? 0) + 1);
  }
  return answer;
}

function labelOf(question: Exclude<Question, { what: "distinct" }>, index: number): string {
  const ride = rideAt(index);
  switch (question.what) {
    case "count":
      return `${ride.VendorID}`;
    case "keys":
      return `${rideNumber(index) % question.keys}`;
    case "windows":
      return `${ride.VendorID} ${Math.floor(pickupMs(ride) / MINUTE_MS) * MINUTE_MS}`;
    case "branch":
      return ride.total_amount >= 40 ? "high" : "low";
  }
}
