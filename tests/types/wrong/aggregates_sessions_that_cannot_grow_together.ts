// deno check says: Property 'merge' is missing
import { grouped, session } from "../prelude.ts";

grouped.windowedBy(session({ gapMs: 1 })).aggregate("a", { init: () => 0, add: (n) => n });
