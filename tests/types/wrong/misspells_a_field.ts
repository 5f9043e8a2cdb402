// deno check says: Property 'fair' does not exist on type 'Ride'
import { stream } from "../prelude.ts";

stream.mapValues((ride) => ride.fair);
