import type { Kafka } from "../lib/kafka/mod.ts";

/** Makes a topic that a command needs, as the course does (2 partitions, kept for ever), and says so. */
export async function needTopic(
  kafka: Kafka,
  topic: string,
  say: (line: string) => void,
): Promise<void> {
  if (await kafka.topics.exists(topic)) return;
  const { partitions } = await kafka.topics.create(topic, { partitions: 2 });
  say(`made topic "${topic}" with ${partitions} partitions`);
}

/** Does something when the first item has come: a file that cannot be read makes no topic. */
export async function* before<T>(
  items: AsyncIterable<T>,
  act: () => Promise<void>,
): AsyncGenerator<T> {
  let done = false;
  for await (const item of items) {
    if (!done) await act();
    done = true;
    yield item;
  }
}
