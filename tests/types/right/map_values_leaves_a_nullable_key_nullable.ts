import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, open } from "../prelude.ts";

gives<Stream<string | null, number>>()(
  () => open.mapValues((ride) => ride?.fare ?? 0),
);
