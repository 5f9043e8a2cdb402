/**
 * Programs that must not compile: the mistakes that the types of the DSL are there to find.
 *
 * @module
 */

/** One mistake. */
export interface WrongProgram {
  readonly mistake: string;
  /** Comes after `prelude.ts`, whose names it may use. */
  readonly code: string;
  /** Words of the compiler's message. */
  readonly says: string;
}

const PROMISE = "This function must answer at once, not with a promise";

/** Each with the words that the compiler must say. */
export const WRONG_PROGRAMS: readonly WrongProgram[] = [
  {
    mistake: "reads a tombstone's field",
    code: "open.mapValues((ride) => ride.fare);",
    says: "'ride' is possibly 'null'",
  },
  {
    mistake: "uses a key that may be missing",
    code: "open.mapValues((_, record) => record.key.length);",
    says: "'record.key' is possibly 'null'",
  },
  {
    mistake: "reads a field of a row that is gone",
    code:
      "table.filter((zone) => zone.borough !== '').toStream().mapValues((zone) => zone.borough);",
    says: "'zone' is possibly 'null'",
  },
  {
    mistake: "counts on a partner in a left join with a table",
    code: "stream.leftJoin(table, (ride, zone) => zone.borough + ride.vendor);",
    says: "'zone' is possibly 'null'",
  },
  {
    mistake: "counts on a partner in a left join with a global table",
    code: "stream.leftJoin(everywhere, (ride) => ride.vendor, (_, zone) => zone.borough);",
    says: "'zone' is possibly 'null'",
  },
  {
    mistake: "counts on a partner in a left join of streams",
    code: "stream.leftJoin(open, (left, right) => left.fare + right.fare, { afterMs: 1 });",
    says: "'right' is possibly 'null'",
  },
  {
    mistake: "counts on the left side in an outer join",
    code: "stream.outerJoin(open, (left, right) => left.fare, { afterMs: 1 });",
    says: "'left' is possibly 'null'",
  },
  {
    mistake: "counts on both rows in an outer join of tables",
    code: "table.outerJoin(grouped.count('n'), (zone, n) => zone.borough + n);",
    says: "'zone' is possibly 'null'",
  },
  {
    mistake: "maps to a promise",
    code: "stream.mapValues(async (ride) => await Promise.resolve(ride.fare));",
    says: PROMISE,
  },
  {
    mistake: "maps to a promise sometimes",
    code: "stream.mapValues((ride) => ride.fare > 9 ? Promise.resolve(9) : ride.fare);",
    says: PROMISE,
  },
  {
    mistake: "selects a key that comes later",
    code: "stream.selectKey(async (ride) => await Promise.resolve(ride.vendor));",
    says: PROMISE,
  },
  {
    mistake: "groups by a key that comes later",
    code: "stream.groupBy('v', async (ride) => await Promise.resolve(ride.vendor));",
    says: PROMISE,
  },
  {
    mistake: "peeks and waits",
    code: "stream.peek(async () => await Promise.resolve());",
    says: PROMISE,
  },
  {
    mistake: "does something for each record and waits",
    code: "stream.foreach(async () => await Promise.resolve());",
    says: PROMISE,
  },
  {
    mistake: "maps a table's rows to promises",
    code: "table.mapValues(async (zone) => await Promise.resolve(zone.borough));",
    says: PROMISE,
  },
  {
    mistake: "joins a table and waits",
    code: "stream.join(table, async (ride, zone) => await Promise.resolve(ride.vendor + zone));",
    says: PROMISE,
  },
  {
    mistake: "filters with a promise, which is always true",
    code: "stream.filter(async (ride) => await Promise.resolve(ride.fare > 9));",
    says: "Type 'Promise<boolean>' is not assignable to type 'boolean'",
  },
  {
    mistake: "filters by a text, which is true or not by its length",
    code: "stream.filter((ride) => ride.vendor);",
    says: "Type 'string' is not assignable to type 'boolean'",
  },
  {
    mistake: "misspells a field",
    code: "stream.mapValues((ride) => ride.fair);",
    says: "Property 'fair' does not exist on type 'Ride'",
  },
  {
    mistake: "misspells an option",
    code: "tumbling({ sizeMS: 60_000 });",
    says: "'sizeMS' does not exist in type 'TumblingOptions'. Did you mean to write 'sizeMs'?",
  },
  {
    mistake: "gives a duration as text",
    code: "tumbling({ sizeMs: '1 minute' });",
    says: "Type 'string' is not assignable to type 'number'",
  },
  {
    mistake: "joins a table whose keys are of another type",
    code: "built.stream(numbers).join(table, (n) => n);",
    says: "'Table<string, Zone>' is not assignable to parameter of type 'Table<number, Zone>'",
  },
  {
    mistake: "looks a global table up by a key of another type",
    code: "stream.join(everywhere, (ride) => ride.fare, (ride) => ride);",
    says: "Type 'number' is not assignable to type 'string'",
  },
  {
    mistake: "writes to a topic of other values",
    code: "stream.to(zones);",
    says: "Property 'borough' is missing in type 'Ride' but required in type 'Zone'",
  },
  {
    mistake: "writes to a topic of other keys",
    code: "stream.mapValues(() => 1).to(numbers);",
    says: "Type 'string' is not assignable to type 'number'",
  },
  {
    mistake: "writes values with the serde of others",
    code: "stream.mapValues((ride) => ride.fare, { value: string });",
    says: "Type 'number' is not assignable to type 'string'",
  },
  {
    mistake: "groups by keys with the serde of others",
    code: "stream.groupBy('v', (ride) => ride.fare, { key: string });",
    says: "is not assignable to type 'Serde<number>'",
  },
  {
    mistake: "adds up to another type than the result begins as",
    code: "grouped.aggregate('a', { init: () => 0, add: (sum, ride) => `${sum}${ride.fare}` });",
    says: "Type 'string' is not assignable to type 'number'",
  },
  {
    mistake: "reduces to another type than the values'",
    code: "grouped.reduce('r', (sum, ride) => sum.fare + ride.fare);",
    says: "Type 'number' is not assignable to type 'Ride'",
  },
  {
    mistake: "aggregates sessions that cannot grow together",
    code:
      "grouped.windowedBy(session({ gapMs: 1 })).aggregate('a', { init: () => 0, add: (n) => n });",
    says: "Property 'merge' is missing",
  },
  {
    mistake: "takes nothing back from a group of rows",
    code:
      "table.groupBy('g', (zone) => ({ key: zone.borough, value: 1 })).reduce('r', { add: (a, b) => a + b });",
    says: "Property 'subtract' is missing",
  },
  {
    mistake: "takes a branch that is none",
    code: "stream.split({ low: (ride) => ride.fare < 40 }).high.to('high');",
    says: "Property 'high' does not exist on type",
  },
  {
    mistake: "takes the default branch although there is none",
    code: "stream.split({ low: (ride) => ride.fare < 40 }, { defaultBranch: false }).rest;",
    says: "Property 'rest' does not exist on type",
  },
  {
    mistake: "maps to values without keys",
    code: "stream.map((ride) => ride.fare);",
    says: "Type 'number' is not assignable to type 'KeyValue<",
  },
  {
    mistake: "treats a table as a stream",
    code: "table.to('out');",
    says: "Property 'to' does not exist on type 'Table<string, Zone>'",
  },
  {
    mistake: "suppresses a stream",
    code: "stream.suppress({ until: 'windowCloses' });",
    says: "Property 'suppress' does not exist on type 'Stream<string, Ride>'",
  },
  {
    mistake: "looks for late records where nothing closes",
    code: "grouped.count('n').late;",
    says: "Property 'late' does not exist on type 'Table<string, number>'",
  },
  {
    mistake: "forwards a value of another type",
    code:
      "stream.processValues<number>('p', (context) => ({ process: () => context.forward({ value: 'x' }) }));",
    says: "Type 'string' is not assignable to type 'number'",
  },
  {
    mistake: "processes and waits",
    code: "stream.process('p', () => ({ process: async () => await Promise.resolve() }));",
    says: "Type 'Promise<void>' is not assignable to type 'void'",
  },
  {
    mistake: "asks a worker's table for a key of another type",
    code: "worker.table(grouped.count('n')).get(1);",
    says: "Argument of type 'number' is not assignable to parameter of type 'string'",
  },
  {
    mistake: "asks a worker's windowed table for a windowed key without its window",
    code: "worker.table(grouped.windowedBy(tumbling({ sizeMs: 1 })).count('n')).get({ key: 'v' });",
    says: "is not assignable to",
  },
  {
    mistake: "pipes a value of another type",
    code: "new TestDriver(built).pipe(zones, { key: 'z', value: { borough: 7 }, timestamp: 0 });",
    says: "Type 'number' is not assignable to type 'string'",
  },
  {
    mistake: "promises a guarantee that there is not",
    code: "app('x', { guarantee: 'exactly once' });",
    says: "Did you mean '\"exactly-once\"'?",
  },
  {
    mistake: "merges streams of other keys",
    code: "stream.merge(built.stream(numbers));",
    says: "'Stream<number, number>' is not assignable to parameter of type",
  },
];
