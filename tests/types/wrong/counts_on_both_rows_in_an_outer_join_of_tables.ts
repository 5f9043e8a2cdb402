// deno check says: 'zone' is possibly 'null'
import { grouped, table } from "../prelude.ts";

table.outerJoin(grouped.count("n"), (zone, n) => zone.borough + n);
