import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, open } from "../prelude.ts";

gives<Stream<string, number>>()(
  () =>
    open.filter((ride) => ride !== null).filter((_, { key }) => key !== null)
      .mapValues((ride) => ride.fare).selectKey((_, { key }) => key ?? "none"),
);
