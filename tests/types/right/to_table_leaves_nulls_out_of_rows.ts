import { type Table } from "../../../lib/streams/mod.ts";
import { gives, open, type Ride } from "../prelude.ts";

gives<Table<string, Ride>>()(
  () => open.toTable("latest"),
);
