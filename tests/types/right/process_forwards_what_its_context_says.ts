import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<string, number>>()(
  () =>
    stream.process<string, number>("fares", (context) => ({
      process: ({ key, value }) => context.forward({ key, value: value.fare }),
    })),
);
