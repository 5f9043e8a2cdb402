// deno check says: Type 'number' is not assignable to type 'string'
import { built, TestDriver, zones } from "../prelude.ts";

new TestDriver(built).pipe(zones, { key: "z", value: { borough: 7 }, timestamp: 0 });
