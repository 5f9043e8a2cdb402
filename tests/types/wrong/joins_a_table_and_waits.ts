// deno check says: This function must answer at once, not with a promise
import { stream, table } from "../prelude.ts";

stream.join(table, async (ride, zone) => await Promise.resolve(ride.vendor + zone));
