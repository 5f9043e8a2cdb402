// deno check says: 'record.key' is possibly 'null'
import { open } from "../prelude.ts";

open.mapValues((_, record) => record.key.length);
