// deno check says: Type 'number' is not assignable to type 'KeyValue<
import { stream } from "../prelude.ts";

stream.map((ride) => ride.fare);
