// deno check says: Type 'string' is not assignable to type 'number'
import { stream } from "../prelude.ts";

stream.processValues<number>(
  "p",
  (context) => ({ process: () => context.forward({ value: "x" }) }),
);
