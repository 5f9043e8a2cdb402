/**
 * How the keys of each kind of store are laid out: as in Kafka Streams' changelogs, byte by byte.
 *
 * | layout | key |
 * |---|---|
 * | plain, pair | key |
 * | window | key ∥ start (8) ∥ 0 (4) |
 * | session | key ∥ end (8) ∥ start (8) |
 * | join | key ∥ time (8) ∥ sequence (4) |
 * | versioned | key ∥ valid from (8) |
 *
 * @module
 */
import type { StoreLayout } from "../topology/store_spec.ts";
import { intKey, type StateKey, timeAt, timeKey } from "./state_key.ts";

/** The key of one key's window. */
export function windowKey(key: StateKey, startMs: number): StateKey {
  return key + timeKey(startMs) + "\0\0\0\0";
}

/** The key of one key's session, whose end is its last record's time. */
export function sessionKey(key: StateKey, startMs: number, endMs: number): StateKey {
  return key + timeKey(endMs) + timeKey(startMs);
}

/** The key of one record that waits for its partner; the sequence keeps equal times apart. */
export function joinKey(key: StateKey, timeMs: number, sequence: number): StateKey {
  return key + timeKey(timeMs) + intKey(sequence);
}

const SUFFIX_BYTES: Record<StoreLayout, number> = {
  plain: 0,
  pair: 0,
  window: 12,
  session: 16,
  join: 12,
  versioned: 8,
};

/** The bare key inside a store's key. */
export function bareKey(layout: StoreLayout, key: StateKey): StateKey {
  return key.slice(0, key.length - SUFFIX_BYTES[layout]);
}

/** Whether a store key belongs to exactly this bare key: another key may begin with the same bytes. */
export function belongsTo(layout: StoreLayout, key: StateKey, bare: StateKey): boolean {
  return key.length === bare.length + SUFFIX_BYTES[layout];
}

/** The time by which a row grows old: window start, session end, record time. */
export function timeOf(layout: StoreLayout, key: StateKey): number | undefined {
  if (layout === "window" || layout === "join") return timeAt(key, key.length - 12);
  if (layout === "session") return timeAt(key, key.length - 16);
  return undefined;
}

/** Start and end of the session in a session store's key. */
export function sessionOf(key: StateKey): { readonly startMs: number; readonly endMs: number } {
  return { startMs: timeAt(key, key.length - 8), endMs: timeAt(key, key.length - 16) };
}
