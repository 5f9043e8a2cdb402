import type { NamedConsumer } from "../kafka/mod.ts";

/**
 * Makes the function that closes the consumer of an earlier run of a cell, which nobody can reach any more, when the same
 * cell makes one with the same group, topics and name.
 */
export function closeEarlier(): (consumer: NamedConsumer) => Promise<void> {
  const open = new Map<string, NamedConsumer>();
  return async (consumer) => {
    const key = JSON.stringify([consumer.group, consumer.topics, consumer.member]);
    const earlier = open.get(key);
    open.set(key, consumer);
    await earlier?.close();
  };
}
