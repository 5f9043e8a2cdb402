// deno check says: This function must answer at once, not with a promise
import { stream } from "../prelude.ts";

stream.mapValues((ride) => ride.fare > 9 ? Promise.resolve(9) : ride.fare);
