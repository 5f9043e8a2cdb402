// deno check says: 'Stream<number, number>' is not assignable to parameter of type
import { built, numbers, stream } from "../prelude.ts";

stream.merge(built.stream(numbers));
