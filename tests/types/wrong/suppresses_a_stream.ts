// deno check says: Property 'suppress' does not exist on type 'Stream<string, Ride>'
import { stream } from "../prelude.ts";

stream.suppress({ until: "windowCloses" });
