// deno check says: This function must answer at once, not with a promise
import { stream } from "../prelude.ts";

stream.peek(async () => await Promise.resolve());
