// deno check says: Type 'string' is not assignable to type 'number'
import { grouped } from "../prelude.ts";

grouped.aggregate("a", { init: () => 0, add: (sum, ride) => `${sum}${ride.fare}` });
