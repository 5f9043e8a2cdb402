// deno check says: Did you mean '"exactly-once"'?
import { app } from "../prelude.ts";

app("x", { guarantee: "exactly once" });
