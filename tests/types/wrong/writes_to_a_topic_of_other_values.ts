// deno check says: Property 'borough' is missing in type 'Ride' but required in type 'Zone'
import { stream, zones } from "../prelude.ts";

stream.to(zones);
