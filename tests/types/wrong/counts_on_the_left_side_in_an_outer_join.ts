// deno check says: 'left' is possibly 'null'
import { open, stream } from "../prelude.ts";

stream.outerJoin(open, (left, right) => left.fare, { afterMs: 1 });
