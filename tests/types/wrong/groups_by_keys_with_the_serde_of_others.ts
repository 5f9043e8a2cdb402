// deno check says: is not assignable to type 'Serde<number>'
import { stream, string } from "../prelude.ts";

stream.groupBy("v", (ride) => ride.fare, { key: string });
