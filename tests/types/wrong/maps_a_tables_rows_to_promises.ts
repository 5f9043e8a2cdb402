// deno check says: This function must answer at once, not with a promise
import { table } from "../prelude.ts";

table.mapValues(async (zone) => await Promise.resolve(zone.borough));
