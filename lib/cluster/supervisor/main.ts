/**
 * The supervisor as a program: its one argument is a {@linkcode Plan} as JSON.
 *
 * @module
 */
import { here } from "../../platform/mod.ts";
import type { Plan } from "./plan.ts";
import { supervise } from "./supervise.ts";

await supervise(JSON.parse(Deno.args[0]!) as Plan, here);
