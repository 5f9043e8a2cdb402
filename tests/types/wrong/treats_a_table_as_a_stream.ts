// deno check says: Property 'to' does not exist on type 'Table<string, Zone>'
import { table } from "../prelude.ts";

table.to("out");
