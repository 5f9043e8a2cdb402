// deno check says: Type 'number' is not assignable to type 'Ride'
import { grouped } from "../prelude.ts";

grouped.reduce("r", (sum, ride) => sum.fare + ride.fare);
