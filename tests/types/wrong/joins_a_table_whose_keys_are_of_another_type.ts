// deno check says: 'Table<string, Zone>' is not assignable to parameter of type 'Table<number, Zone>'
import { built, numbers, table } from "../prelude.ts";

built.stream(numbers).join(table, (n) => n);
