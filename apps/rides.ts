import { type Kafka, producer, type Sent, type Serde } from "../lib/kafka/mod.ts";
import {
  pace,
  rideJson,
  rideKey,
  rideKeyJson,
  type RideValue,
  type TaxiRide,
  type TaxiRideKey,
} from "../lib/rides/mod.ts";

/** What `sendRides` does. */
export interface SendRidesOptions {
  readonly topic: string;
  /** Rides a second; Infinity for as fast as it goes. */
  readonly rate: number;
  /** Ends it after the rides that are under way. */
  readonly signal?: AbortSignal;
  /** Writes the keys. @default rideKeyJson */
  readonly key?: Serde<TaxiRideKey>;
  /** Writes the values. @default rideJson */
  readonly value?: Serde<TaxiRide> | Serde<RideValue>;
}

/** A ride and where it was written. */
export interface SentRide extends Sent {
  readonly key: TaxiRideKey;
  readonly value: TaxiRide;
}

/** Most rides of one request. */
const LARGEST_BLOCK = 5_000;
/** How many requests a second a steady rate is cut into. */
const BLOCKS_A_SECOND = 20;

/**
 * The seed's `producer_tax_json`: each ride as JSON, keyed by its vendor, one a second unless told otherwise.
 *
 * The key keeps the rides of one vendor in order, on one partition; three vendors keep at most three busy.
 *
 * @returns What was written, block by block.
 */
export async function* sendRides(
  kafka: Kafka,
  rides: AsyncIterable<TaxiRide>,
  { topic, rate, signal, key = rideKeyJson, value = rideJson }: SendRidesOptions,
): AsyncGenerator<readonly SentRide[]> {
  await using out = producer(kafka, { key, value });
  const size = Math.min(LARGEST_BLOCK, Math.max(1, Math.round(rate / BLOCKS_A_SECOND)));
  const paced = pace(rides, rate, signal ? { signal } : {});
  for await (const block of blocks(paced, size)) {
    const records = block.map((ride) => ({ key: rideKey(ride), value: ride }));
    const sent = await out.send(topic, records);
    yield sent.map((one, i) => ({ ...one, ...records[i]! }));
  }
}

/** Cuts a sequence into blocks; what came before an error is handed on before the error is. */
async function* blocks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let block: T[] = [];
  try {
    for await (const item of items) {
      block.push(item);
      if (block.length < size) continue;
      const full = block;
      block = [];
      yield full;
    }
  } catch (error) {
    if (block.length > 0) yield block;
    throw error;
  }
  if (block.length > 0) yield block;
}
