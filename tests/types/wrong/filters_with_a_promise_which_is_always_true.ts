// deno check says: Type 'Promise<boolean>' is not assignable to type 'boolean'
import { stream } from "../prelude.ts";

stream.filter(async (ride) => await Promise.resolve(ride.fare > 9));
