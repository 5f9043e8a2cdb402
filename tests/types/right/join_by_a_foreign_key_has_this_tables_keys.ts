import { type Table } from "../../../lib/streams/mod.ts";
import { gives, stream, table } from "../prelude.ts";

gives<Table<string, string>>()(
  () =>
    stream.toTable("rides-now").join(
      table,
      (ride) => ride.vendor,
      (ride, zone) => ride.vendor + zone.borough,
    ),
);
