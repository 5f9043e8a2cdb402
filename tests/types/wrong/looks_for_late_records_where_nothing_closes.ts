// deno check says: Property 'late' does not exist on type 'Table<string, number>'
import { grouped } from "../prelude.ts";

grouped.count("n").late;
