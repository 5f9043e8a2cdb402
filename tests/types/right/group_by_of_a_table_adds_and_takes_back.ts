import { type Table } from "../../../lib/streams/mod.ts";
import { gives, table } from "../prelude.ts";

gives<Table<string, number>>()(
  () =>
    table.groupBy("boroughs", (zone) => ({ key: zone.borough, value: 1 })).reduce("zones-in", {
      add: (n, one) => n + one,
      subtract: (n, one) => n - one,
    }),
);
