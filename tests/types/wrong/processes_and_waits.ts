// deno check says: Type 'Promise<void>' is not assignable to type 'void'
import { stream } from "../prelude.ts";

stream.process("p", () => ({ process: async () => await Promise.resolve() }));
