/**
 * What the programs of `right` and `wrong` are about; right by itself.
 *
 * @module
 */
import { app, int64, json, string, topic } from "../../lib/streams/mod.ts";
import { type Worker } from "../../lib/streams/runtime/mod.ts";
export { app, session, string, TestDriver, tumbling } from "../../lib/streams/mod.ts";

export interface Ride {
  readonly vendor: string;
  readonly fare: number;
}
export interface Zone {
  readonly borough: string;
}

const rides = topic("rides", { key: string, value: json<Ride>(), nullable: false });
const openRides = topic("open-rides", { key: string, value: json<Ride>() });

export const zones = topic("zones", { key: string, value: json<Zone>() });
export const numbers = topic("numbers", { key: int64, value: int64, nullable: false });
export const built = app("wrong");
export const stream = built.stream(rides);
export const open = built.stream(openRides);
export const table = built.table(zones);
export const everywhere = built.globalTable(
  topic("all-zones", { key: string, value: json<Zone>() }),
);
export const grouped = stream.groupByKey();
/** Of types alone: wrong programs are never run. */
export const worker = undefined as unknown as Worker;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? unknown
  : { readonly inferred: A; readonly expected: B };

/** Runs a program that compiles only where the type of what it gives is exactly this one. */
export function gives<Expected>() {
  return <Found>(program: () => Found & Same<Found, Expected>): void => void program();
}
