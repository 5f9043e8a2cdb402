// deno check says: 'right' is possibly 'null'
import { open, stream } from "../prelude.ts";

stream.leftJoin(open, (left, right) => left.fare + right.fare, { afterMs: 1 });
