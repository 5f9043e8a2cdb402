import { type Table } from "../../../lib/streams/mod.ts";
import { gives, stream, table } from "../prelude.ts";

gives<Table<string, number>>()(
  () => table.join(stream.groupByKey().count("rides-there"), (zone, n) => zone.borough.length + n),
);
