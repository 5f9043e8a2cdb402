// deno check says: Property 'subtract' is missing
import { table } from "../prelude.ts";

table.groupBy("g", (zone) => ({ key: zone.borough, value: 1 })).reduce("r", {
  add: (a, b) => a + b,
});
