// deno check says: 'zone' is possibly 'null'
import { stream, table } from "../prelude.ts";

stream.leftJoin(table, (ride, zone) => zone.borough + ride.vendor);
