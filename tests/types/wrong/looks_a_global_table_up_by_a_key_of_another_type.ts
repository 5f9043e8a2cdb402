// deno check says: Type 'number' is not assignable to type 'string'
import { everywhere, stream } from "../prelude.ts";

stream.join(everywhere, (ride) => ride.fare, (ride) => ride);
