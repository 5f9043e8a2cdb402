// deno check says: Type 'string' is not assignable to type 'number'
import { tumbling } from "../prelude.ts";

tumbling({ sizeMs: "1 minute" });
