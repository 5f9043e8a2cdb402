import { bytes, type Kafka, producer } from "../../lib/kafka/mod.ts";
import { DIFFERENT_RIDES, rideAt, rideNumber } from "./ride.ts";

/** A record of the load, in bytes. */
export interface LoadedRecord {
  /** The ride's number as text. */
  readonly key: Uint8Array;
  /** The ride as compact JSON. */
  readonly value: Uint8Array;
}

const BLOCK = 10_000;
const utf8 = new TextEncoder();
let different: readonly LoadedRecord[] | undefined;

/** The records of the load, in order; those of all loads are made once. */
export function loadedRecords(records: number): readonly LoadedRecord[] {
  different ??= Array.from({ length: DIFFERENT_RIDES }, (_, i) => ({
    key: utf8.encode(`${rideNumber(i)}`),
    value: utf8.encode(JSON.stringify(rideAt(i))),
  }));
  const all = different;
  return records <= all.length
    ? all.slice(0, records)
    : Array.from({ length: records }, (_, i) => all[i % all.length]!);
}

/** Makes a topic of two partitions and writes so many rides into it. */
export async function writeLoad(
  kafka: Kafka,
  { topic, records }: { readonly topic: string; readonly records: number },
): Promise<void> {
  await kafka.topics.create(topic, { partitions: 2 });
  const all = loadedRecords(records);
  await using out = producer(kafka, { key: bytes, value: bytes });
  for (let at = 0; at < records; at += BLOCK) await out.send(topic, all.slice(at, at + BLOCK));
}
