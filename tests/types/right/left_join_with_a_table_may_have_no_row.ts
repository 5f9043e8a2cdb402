import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream, table } from "../prelude.ts";

gives<Stream<string, string | undefined>>()(
  () => stream.leftJoin(table, (_, zone) => zone?.borough),
);
