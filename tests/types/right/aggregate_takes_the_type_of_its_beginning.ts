import { type Table } from "../../../lib/streams/mod.ts";
import { gives, grouped } from "../prelude.ts";

gives<Table<string, { fares: number; rides: number }>>()(
  () =>
    grouped.aggregate("sums", {
      init: () => ({ fares: 0, rides: 0 }),
      add: (sum, ride) => ({ fares: sum.fares + ride.fare, rides: sum.rides + 1 }),
    }),
);
