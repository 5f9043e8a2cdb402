import { type Table, unlimited, type Windowed } from "../../../lib/streams/mod.ts";
import { gives, grouped, open } from "../prelude.ts";

gives<Table<Windowed<string>, number>>()(
  () =>
    grouped.cogroup((n: number) => n + 1).cogroup(open.groupByKey(), (n, ride) => n + ride.fare)
      .windowedBy(unlimited()).aggregate("both", () => 0),
);
