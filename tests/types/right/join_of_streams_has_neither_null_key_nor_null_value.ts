import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, open, stream } from "../prelude.ts";

gives<Stream<string, number>>()(
  () => stream.join(open, (left, right) => left.fare + right.fare, { afterMs: 10, name: "pairs" }),
);
