import { sliding, type Stream } from "../../../lib/streams/mod.ts";
import { gives, grouped } from "../prelude.ts";

gives<Stream<string, number | null>>()(
  () =>
    grouped.windowedBy(sliding({ differenceMs: 10 })).count("slides")
      .toStream((_, { key }) => `${key.key}@${key.start}`),
);
