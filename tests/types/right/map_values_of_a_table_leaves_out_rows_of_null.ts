import { type Table } from "../../../lib/streams/mod.ts";
import { gives, table } from "../prelude.ts";

gives<Table<string, string>>()(
  () => table.mapValues((zone) => zone.borough === "" ? null : zone.borough),
);
