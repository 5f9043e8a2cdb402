import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, open, stream } from "../prelude.ts";

gives<Stream<string | null, number>>()(
  () =>
    stream.outerJoin(open, (left, right) => (left?.fare ?? 0) + (right?.fare ?? 0), {
      ...{ afterMs: 10, name: "either" },
    }),
);
