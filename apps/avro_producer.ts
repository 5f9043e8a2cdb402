import { avroSerde, type Schema, type SchemaRegistry } from "../lib/avro/mod.ts";
import type { Kafka } from "../lib/kafka/mod.ts";
import type { TaxiRide, TaxiRideKey } from "../lib/rides/mod.ts";
import { sendRides, type SentRide } from "./rides.ts";

/** What {@linkcode sendAvroRides} needs. */
export interface SendAvroRidesOptions {
  readonly topic: string;
  /** Rides a second; Infinity for as fast as it goes. */
  readonly rate: number;
  readonly registry: SchemaRegistry;
  readonly keySchema: Schema;
  readonly valueSchema: Schema;
  readonly signal?: AbortSignal;
}

/**
 * The seed's Avro producer: registers both schemas, then writes each ride, one a second unless told otherwise.
 *
 * A schema that the registry refuses ends it before the first ride is read.
 *
 * @returns What was written, block by block; values show the fields of the schema.
 */
export async function* sendAvroRides(
  kafka: Kafka,
  rides: AsyncIterable<TaxiRide>,
  options: SendAvroRidesOptions,
): AsyncGenerator<readonly SentRide[]> {
  const { registry, keySchema, valueSchema, topic } = options;
  const key = avroSerde<TaxiRideKey>({ registry, schema: keySchema, part: "key" });
  const value = avroSerde<TaxiRide>({ registry, schema: valueSchema });
  await key.ready(topic);
  await value.ready(topic);
  yield* sendRides(kafka, withFieldsOf(valueSchema, rides), { ...options, key, value });
}

/** Rides with the fields that a record schema names; a field that rides do not have is left to its default. */
async function* withFieldsOf(
  schema: Schema,
  rides: AsyncIterable<TaxiRide>,
): AsyncGenerator<TaxiRide> {
  const { fields } = schema.definition as {
    readonly fields?: readonly { readonly name: string }[];
  };
  const names = new Set(fields?.map(({ name }) => name));
  for await (const ride of rides) {
    yield Object.fromEntries(
      Object.entries(ride).filter(([name]) => names.has(name)),
    ) as unknown as TaxiRide;
  }
}
