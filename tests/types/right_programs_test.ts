/**
 * Right programs: every type follows from the topics' serdes and from the functions. Only what a processor forwards, and
 * what the first function of a cogroup adds to, has to be said.
 */
import {
  app,
  hopping,
  int64,
  type Late,
  session,
  sliding,
  type Stream,
  string,
  type Table,
  tumbling,
  unlimited,
  type Windowed,
} from "../../lib/streams/mod.ts";
import { everywhere, grouped, numbers, open, stream, table, zones } from "./prelude.ts";

type Ride = { readonly vendor: string; readonly fare: number };
type Zone = { readonly borough: string };

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? unknown
  : { readonly inferred: A; readonly expected: B };

/** Compiles only where the type of what a program gives is exactly this one. */
function gives<Expected>() {
  return <Found>(name: string, program: () => Found & Same<Found, Expected>) => {
    Deno.test(name, () => void program());
  };
}

gives<Stream<string, number>>()(
  "mapValues() takes the mapper's type",
  () => stream.mapValues((ride) => ride.fare),
);
gives<Stream<string, number>>()(
  "a nullable topic's values are numbers once nulls are filtered",
  () =>
    open.filter((ride) => ride !== null).filter((_, { key }) => key !== null)
      .mapValues((ride) => ride.fare).selectKey((_, { key }) => key ?? "none"),
);
gives<Stream<string | null, number>>()(
  "mapValues() leaves a nullable key nullable",
  () => open.mapValues((ride) => ride?.fare ?? 0),
);
gives<Stream<string, "low" | "high">>()(
  "mapValues() keeps literals where they are asked for",
  () => stream.mapValues((ride) => ride.fare < 40 ? "low" as const : "high" as const),
);
gives<Stream<string, string>>()(
  "flatMapValues() takes the elements' type",
  () => stream.flatMapValues((ride) => [ride.vendor, "x"]),
);
gives<Stream<number, string>>()(
  "map() takes key and value",
  () => stream.map((ride) => ({ key: ride.fare, value: ride.vendor })),
);
gives<Stream<string, number>>()(
  "flatMap() takes the elements' keys and values",
  () => stream.flatMap((ride) => [{ key: ride.vendor, value: ride.fare }]),
);
gives<Stream<number, Ride>>()(
  "selectKey() changes the key alone",
  () => stream.selectKey((ride) => ride.fare, { key: int64 }),
);
gives<Stream<string, Ride>>()(
  "filter(), filterNot() and peek() change nothing",
  () => stream.filter((ride) => ride.fare > 0).filterNot((ride) => ride.fare > 99).peek(() => {}),
);
gives<Stream<string | null, Ride | null>>()(
  "merge() has the types of both",
  () => stream.merge(open),
);
gives<Readonly<Record<"low" | "rest", Stream<string, Ride>>>>()(
  "split() knows its branches",
  () => stream.split({ low: (ride) => ride.fare < 40 }),
);
gives<Readonly<Record<"low" | "high", Stream<string, Ride>>>>()(
  "split() knows the name of its default branch",
  () => stream.split({ low: (ride) => ride.fare < 40 }, { defaultBranch: "high" }),
);
gives<Stream<string, Ride>[]>()(
  "branch() gives streams in the order of its predicates",
  () => stream.branch((ride) => ride.fare < 40, () => true),
);
gives<Table<string, Ride>>()(
  "toTable() leaves nulls out of rows",
  () => open.toTable("latest"),
);
gives<Table<string, number>>()(
  "count() counts by the key there is",
  () => stream.groupByKey().count("rides"),
);
gives<Table<string, number>>()(
  "groupBy() and count() take the new key",
  () => stream.groupBy("vendors", (ride) => ride.vendor, { key: string }).count("vendor-rides"),
);
gives<Table<string, Ride>>()(
  "reduce() keeps the values' type",
  () => grouped.reduce("dearest", (most, ride) => ride.fare > most.fare ? ride : most),
);
gives<Table<string, { fares: number; rides: number }>>()(
  "aggregate() takes the type of its beginning",
  () =>
    grouped.aggregate("sums", {
      init: () => ({ fares: 0, rides: 0 }),
      add: (sum, ride) => ({ fares: sum.fares + ride.fare, rides: sum.rides + 1 }),
    }),
);
gives<Table<Windowed<string>, number>>()(
  "windowedBy() puts the window into the key",
  () => grouped.windowedBy(hopping({ sizeMs: 10, advanceMs: 5 })).count("hops").filter(() => true),
);
gives<Stream<Windowed<string>, number | null>>()(
  "toStream() of a windowed table may have tombstones",
  () => grouped.windowedBy(tumbling({ sizeMs: 10 })).count("tumbles").toStream(),
);
gives<Stream<string, number | null>>()(
  "toStream() takes another key",
  () =>
    grouped.windowedBy(sliding({ differenceMs: 10 })).count("slides")
      .toStream((_, { key }) => `${key.key}@${key.start}`),
);
gives<Stream<string, Late<Ride>>>()(
  "late has the records that came too late",
  () => grouped.windowedBy(tumbling({ sizeMs: 10 })).count("punctual").late,
);
gives<Table<Windowed<string>, number>>()(
  "aggregate() of sessions takes the type of its beginning",
  () =>
    grouped.windowedBy(session({ gapMs: 10 })).aggregate("visits", {
      init: () => 0,
      add: (n) => n + 1,
      merge: (left, right) => left + right,
    }).suppress({ until: "windowCloses" }),
);
gives<Table<Windowed<string>, number>>()(
  "cogroup() in windows has the first adder's result",
  () =>
    grouped.cogroup((n: number) => n + 1).cogroup(open.groupByKey(), (n, ride) => n + ride.fare)
      .windowedBy(unlimited()).aggregate("both", () => 0),
);
gives<Stream<string, string>>()(
  "join() with a table has both values",
  () => stream.join(table, (ride, zone) => ride.vendor + zone.borough),
);
gives<Stream<string, string | undefined>>()(
  "leftJoin() with a table may have no row",
  () => stream.leftJoin(table, (_, zone) => zone?.borough),
);
gives<Stream<string, string>>()(
  "join() with a global table takes a key of its own",
  () => stream.join(everywhere, (ride) => ride.vendor, (ride, zone) => ride.vendor + zone.borough),
);
gives<Stream<string, number>>()(
  "join() of streams has neither null key nor null value",
  () => stream.join(open, (left, right) => left.fare + right.fare, { afterMs: 10, name: "pairs" }),
);
gives<Stream<string | null, number>>()(
  "outerJoin() of streams may lack either side",
  () =>
    stream.outerJoin(open, (left, right) => (left?.fare ?? 0) + (right?.fare ?? 0), {
      ...{ afterMs: 10, name: "either" },
    }),
);
gives<Table<string, string>>()(
  "mapValues() of a table leaves out rows of null",
  () => table.mapValues((zone) => zone.borough === "" ? null : zone.borough),
);
gives<Table<string, number>>()(
  "join() of tables has both rows",
  () => table.join(stream.groupByKey().count("rides-there"), (zone, n) => zone.borough.length + n),
);
gives<Table<string, string>>()(
  "join() by a foreign key has this table's keys",
  () =>
    stream.toTable("rides-now").join(
      table,
      (ride) => ride.vendor,
      (ride, zone) => ride.vendor + zone.borough,
    ),
);
gives<Table<string, number>>()(
  "groupBy() of a table adds and takes back",
  () =>
    table.groupBy("boroughs", (zone) => ({ key: zone.borough, value: 1 })).reduce("zones-in", {
      add: (n, one) => n + one,
      subtract: (n, one) => n - one,
    }),
);
gives<Stream<string, number>>()(
  "process() forwards what its context says",
  () =>
    stream.process<string, number>("fares", (context) => ({
      process: ({ key, value }) => context.forward({ key, value: value.fare }),
    })),
);
gives<Stream<number, number>>()(
  "stream() of a solid topic has neither null",
  () => app("numbers").stream(numbers),
);
gives<Table<string, Zone>>()(
  "table() of a topic has rows without null",
  () => app("zones").table(zones).filter((zone) => zone.borough !== ""),
);
gives<Stream<string, Zone | null>>()(
  "toStream() gives a row that leaves a filter as null",
  () => table.filter((zone) => zone.borough !== "").toStream(),
);
