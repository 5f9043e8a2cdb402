import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, table, type Zone } from "../prelude.ts";

gives<Stream<string, Zone | null>>()(
  () => table.filter((zone) => zone.borough !== "").toStream(),
);
