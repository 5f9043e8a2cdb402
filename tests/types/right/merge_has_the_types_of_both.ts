import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, open, type Ride, stream } from "../prelude.ts";

gives<Stream<string | null, Ride | null>>()(
  () => stream.merge(open),
);
