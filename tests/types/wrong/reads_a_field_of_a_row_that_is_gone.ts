// deno check says: 'zone' is possibly 'null'
import { table } from "../prelude.ts";

table.filter((zone) => zone.borough !== "").toStream().mapValues((zone) => zone.borough);
