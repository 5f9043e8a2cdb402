// deno check says: Property 'rest' does not exist on type
import { stream } from "../prelude.ts";

stream.split({ low: (ride) => ride.fare < 40 }, { defaultBranch: false }).rest;
