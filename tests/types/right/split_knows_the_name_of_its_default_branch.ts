import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, type Ride, stream } from "../prelude.ts";

gives<Readonly<Record<"low" | "high", Stream<string, Ride>>>>()(
  () => stream.split({ low: (ride) => ride.fare < 40 }, { defaultBranch: "high" }),
);
