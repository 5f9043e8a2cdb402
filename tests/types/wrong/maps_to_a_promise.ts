// deno check says: This function must answer at once, not with a promise
import { stream } from "../prelude.ts";

stream.mapValues(async (ride) => await Promise.resolve(ride.fare));
