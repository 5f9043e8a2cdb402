import { type Table } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Table<string, number>>()(
  () => stream.groupByKey().count("rides"),
);
