// deno check says: Type 'string' is not assignable to type 'boolean'
import { stream } from "../prelude.ts";

stream.filter((ride) => ride.vendor);
