// deno check says: Type 'number' is not assignable to type 'string'
import { stream, string } from "../prelude.ts";

stream.mapValues((ride) => ride.fare, { value: string });
