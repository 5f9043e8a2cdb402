import { type Table } from "../../../lib/streams/mod.ts";
import { gives, grouped, type Ride } from "../prelude.ts";

gives<Table<string, Ride>>()(
  () => grouped.reduce("dearest", (most, ride) => ride.fare > most.fare ? ride : most),
);
