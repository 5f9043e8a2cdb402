/**
 * What the live tests of this room share: a connection, names of their own, and a clean-up.
 *
 * @module
 */
import { connect, type Kafka } from "../../lib/kafka/client/connect.ts";

/** One live test's world; everything made under its names is removed afterwards. */
export interface LiveKafka {
  readonly kafka: Kafka;
  /** A name for a topic or a group that nobody else uses. */
  readonly name: (what: string) => string;
  /** Makes a topic; deleted at the end. */
  readonly topic: (what: string, partitions?: number) => Promise<string>;
}

/** Runs a test against the Kafka of the environment. */
export async function onKafka(test: (world: LiveKafka) => Promise<void>): Promise<void> {
  const suffix = crypto.randomUUID().slice(0, 8);
  const name = (what: string) => `${what}.${suffix}`;
  const made: string[] = [];
  const kafka = await connect({ onNotice: () => {} });
  try {
    await test({
      kafka,
      name,
      topic: async (what, partitions = 2) => {
        made.push(name(what));
        await kafka.topics.create(name(what), { partitions });
        return name(what);
      },
    });
  } finally {
    await kafka.topics.deleteOrEmpty(made);
    await kafka.close();
  }
}

/** Numbers `from` to `to` − 1 as records without a key. */
export function numbers(from: number, to: number): { value: { number: number } }[] {
  return Array.from({ length: to - from }, (_, i) => ({ value: { number: from + i } }));
}
