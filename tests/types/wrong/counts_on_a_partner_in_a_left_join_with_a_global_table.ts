// deno check says: 'zone' is possibly 'null'
import { everywhere, stream } from "../prelude.ts";

stream.leftJoin(everywhere, (ride) => ride.vendor, (_, zone) => zone.borough);
