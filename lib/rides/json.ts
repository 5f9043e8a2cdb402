import type { RideValue, TaxiRideKey } from "./ride.ts";

/** Turns a value into a record's bytes and back, with no promise in between. */
export interface JsonSerde<T> {
  /** The fields of `T` as compact JSON, in one order. */
  encode(value: T): Uint8Array;
  /** The value whose JSON these bytes are. */
  decode(bytes: Uint8Array | null): T;
}

const KEY_FIELDS = ["vendorId"] as const;
const RIDE_FIELDS = [
  "vendorId",
  "passenger_count",
  "trip_distance",
  "payment_type",
  "total_amount",
] as const;
const RIDE_TIMES = ["tpep_pickup_datetime", "tpep_dropoff_datetime"] as const;

/**
 * The key of a ride's record.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rideKey, rideKeyJson } from "./json.ts";
 * const bytes = rideKeyJson.encode(rideKey({ vendorId: 2 }));
 * assert.equal(new TextDecoder().decode(bytes), '{"vendorId":2}');
 * ```
 */
export function rideKey({ vendorId }: TaxiRideKey): TaxiRideKey {
  return { vendorId };
}

/**
 * A ride's value as JSON, without a space, its fields in the order of `TaxiRide`. A time that is absent or null is left
 * out, both ways.
 *
 * Spaces matter where a key decides the partition: Python's `json.dumps` writes them, `JSON.stringify`
 * does not, and different bytes go to different partitions.
 *
 * Decoding keeps the fields of a ride and no others.
 * @throws {SyntaxError} On decoding: if the bytes are not JSON, or one of the five other fields is missing or no number.
 */
export const rideJson: JsonSerde<RideValue> = serde("ride", RIDE_FIELDS, RIDE_TIMES);

/**
 * A ride's key as JSON: `{"vendorId":1}`.
 *
 * @throws {SyntaxError} On decoding: if the bytes are not JSON, or `vendorId` is missing or no number.
 */
export const rideKeyJson: JsonSerde<TaxiRideKey> = serde("key", KEY_FIELDS);

function serde<T extends { readonly [K in keyof T]: number }>(
  what: string,
  required: readonly (keyof T & string)[],
  optional: readonly (keyof T & string)[] = [],
): JsonSerde<T> {
  const fields = [...required, ...optional];
  const encoder = new TextEncoder();
  const decoder = new TextDecoder(), strict = new TextDecoder("utf-8", { fatal: true });
  return {
    encode: (value) => {
      const ordered: Record<string, number | undefined> = {};
      for (const field of fields) ordered[field] = value[field];
      return encoder.encode(JSON.stringify(ordered));
    },
    decode: (bytes) => {
      const refuse = (why: string): never => {
        throw new SyntaxError(`Cannot read a taxi ${what}: ${why}`);
      };
      if (bytes === null) return refuse("the record's bytes are null");
      let parsed: Record<string, unknown>;
      try {
        const text = decoder.decode(bytes);
        // Being strict takes ten times as long: only text with the sign for "not UTF-8" is looked at again.
        parsed = JSON.parse(text.includes("\ufffd") ? strict.decode(bytes) : text) ?? {};
      } catch {
        return refuse("the record's bytes are not JSON");
      }
      const found: Record<string, number> = {};
      for (const field of fields) {
        const value = Object.hasOwn(Object(parsed), field) ? parsed[field] : undefined;
        if (typeof value === "number") found[field] = value;
        else if (!optional.includes(field) || (value !== undefined && value !== null)) {
          return refuse(`"${field}" is ${value === undefined ? "missing" : "not a number"}`);
        }
      }
      return found as T;
    },
  };
}
