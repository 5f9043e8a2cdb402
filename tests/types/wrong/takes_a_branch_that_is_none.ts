// deno check says: Property 'high' does not exist on type
import { stream } from "../prelude.ts";

stream.split({ low: (ride) => ride.fare < 40 }).high.to("high");
