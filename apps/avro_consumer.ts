import { avroSerde, type Schema, type SchemaRegistry } from "../lib/avro/mod.ts";
import { type ConsumedRecord, consumer, type Kafka, type OnDecodeError } from "../lib/kafka/mod.ts";

/** What {@linkcode consumeAvro} needs. */
export interface ConsumeAvroOptions {
  readonly topic: string;
  readonly group: string;
  readonly from: "earliest" | "latest";
  /** Ends after so many records; Infinity: goes on. */
  readonly max: number;
  readonly registry: SchemaRegistry;
  /** Schema to read the values as. @default the one each was written with */
  readonly valueSchema?: Schema;
  /** What happens to a record whose bytes cannot be decoded. @default "fail" */
  readonly onDecodeError?: OnDecodeError;
  /** Ends it: leaves the group. */
  readonly signal: AbortSignal;
}

/**
 * The seed's Avro consumer: a member of a group that commits each record once it has been dealt with.
 *
 * Unless told otherwise, a record whose bytes cannot be decoded ends it, uncommitted: the error names topic, partition and offset.
 */
export async function* consumeAvro(
  kafka: Kafka,
  options: ConsumeAvroOptions,
): AsyncGenerator<ConsumedRecord> {
  const { topic, group, from, max, registry, valueSchema, signal } = options;
  const { onDecodeError = "fail" } = options;
  const member = await consumer(kafka, {
    group,
    topics: topic,
    from,
    key: avroSerde<unknown>({ registry, part: "key" }),
    value: avroSerde<unknown>({ registry, ...(valueSchema && { schema: valueSchema }) }),
    autoCommit: false,
    onDecodeError,
  });
  const leave = () => void member.close();
  signal.addEventListener("abort", leave);
  try {
    if (signal.aborted) return;
    for await (const record of member.records({ max })) {
      yield record;
      await member.commit(record);
    }
  } finally {
    signal.removeEventListener("abort", leave);
    await member.close();
  }
}
