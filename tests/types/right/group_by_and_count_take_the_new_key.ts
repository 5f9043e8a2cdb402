import { string, type Table } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Table<string, number>>()(
  () => stream.groupBy("vendors", (ride) => ride.vendor, { key: string }).count("vendor-rides"),
);
