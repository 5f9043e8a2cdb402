import { app, type Table } from "../../../lib/streams/mod.ts";
import { gives, type Zone, zones } from "../prelude.ts";

gives<Table<string, Zone>>()(
  () => app("zones").table(zones).filter((zone) => zone.borough !== ""),
);
