/** The seed's streams programs and two of the course's own by name, for `deno task worker`. */
import type { App } from "../lib/streams/mod.ts";
import { branchPrice, HIGH_AMOUNT, LOW_AMOUNT } from "./branch_price.ts";
import { RIDES } from "./ride_topic.ts";
import { rideSessions } from "./ride_sessions.ts";
import { stream } from "./stream.ts";
import { countVendorTrips } from "./stream_count_vendor_trips.ts";
import { UNUSUAL_FARES, unusualFares } from "./unusual_fares.ts";
import { windowing, type WindowingOptions } from "./windowing.ts";

/** A program, and what there is to see of it. */
export interface Program {
  readonly build: (appId: string | undefined, options: WindowingOptions) => App;
  /** Topics it reads and writes; made when they are missing. */
  readonly topics: readonly string[];
  readonly tables: readonly string[];
  /** A table's name -> the table that counts the records that were too late for it. */
  readonly late?: Readonly<Record<string, string>>;
}

/** What `deno task worker` can be asked for. */
export type ProgramName =
  | "stream"
  | "stream_count_vendor_trips"
  | "branch_price"
  | "windowing"
  | "ride_sessions"
  | "unusual_fares";

/** Every program. */
export const PROGRAMS: Readonly<Record<ProgramName, Program>> = {
  stream: { build: (appId) => stream(appId), topics: [RIDES.name], tables: [] },
  stream_count_vendor_trips: {
    build: (appId) => countVendorTrips(appId),
    topics: [RIDES.name],
    tables: ["vendor_rides"],
  },
  branch_price: {
    build: (appId) => branchPrice(appId),
    topics: [RIDES.name, HIGH_AMOUNT, LOW_AMOUNT],
    tables: [],
  },
  windowing: {
    build: (appId, options) => windowing(appId, options),
    topics: [RIDES.name],
    tables: ["vendor_rides_windowed"],
    late: { vendor_rides_windowed: "late_rides" },
  },
  ride_sessions: {
    build: (appId, options) => rideSessions(appId, options),
    topics: [RIDES.name],
    tables: ["vendor_sessions"],
    late: { vendor_sessions: "late_rides" },
  },
  unusual_fares: {
    build: (appId) => unusualFares(appId),
    topics: [RIDES.name, UNUSUAL_FARES],
    tables: ["vendor_fares"],
  },
};
