// deno check says: Argument of type 'number' is not assignable to parameter of type 'string'
import { grouped, worker } from "../prelude.ts";

worker.table(grouped.count("n")).get(1);
