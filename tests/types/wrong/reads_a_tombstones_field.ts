// deno check says: 'ride' is possibly 'null'
import { open } from "../prelude.ts";

open.mapValues((ride) => ride.fare);
