// deno check says: Type 'string' is not assignable to type 'number'
import { numbers, stream } from "../prelude.ts";

stream.mapValues(() => 1).to(numbers);
