import { clusterConfig, down, up } from "../lib/cluster/mod.ts";
import { connect, type Kafka } from "../lib/kafka/mod.ts";
import { freshWorld } from "../tasks/_world.ts";
import { writeLoad } from "./load/write.ts";
import { numberKeys, writeKeys } from "./load/write_keys.ts";

/** A broker of the bench's own with the loads that were asked for; nothing else runs on it. */
export interface Ground extends AsyncDisposable {
  readonly kafka: Kafka;
  /** `host:port`. */
  readonly brokers: string;
  /** The topic with so many rides; written when it is first asked for. */
  load(records: number): Promise<string>;
  /** The topic with so many records, each of so many numbers as a key equally often. */
  loadKeys(records: number, keys: number): Promise<string>;
  /** Deletes every topic whose name holds the word. */
  drop(word: string): Promise<void>;
}

/** Starts a broker on ports of its own, with data of its own, both gone when it is disposed of. No registry. */
export async function openGround(): Promise<Ground> {
  const env = { ...await freshWorld(), SCHEMA_REGISTRY_URL: "http://localhost:1" };
  const config = clusterConfig(new Map(Object.entries({ ...Deno.env.toObject(), ...env })));
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await down({ config });
    await Deno.remove(config.folders.state, { recursive: true });
  });
  const { brokers } = await up({ brokers: 1, config });
  const kafka = stack.use(
    await connect({ settings: { brokers, local: false, ssl: false }, onNotice: () => {} }),
  );
  const loads = new Map<string, Promise<string>>();
  const close = stack.move();
  let closed: Promise<void> | undefined;
  return {
    kafka,
    brokers: brokers.join(","),
    load(records) {
      const topic = `rides-${records}`;
      const written = loads.get(topic) ??
        writeLoad(kafka, { topic, records }).then(() => topic);
      loads.set(topic, written);
      return written;
    },
    loadKeys(records, keys) {
      const topic = `keys-${records}-${keys}`;
      const written = loads.get(topic) ?? (async () => {
        await kafka.topics.create(topic, { partitions: 2 });
        await writeKeys(kafka, topic, {
          records,
          keyOf: numberKeys(keys),
          value: new Uint8Array(8),
        });
        return topic;
      })();
      loads.set(topic, written);
      return written;
    },
    async drop(word) {
      const all = await kafka.topics.list({ internal: true });
      await kafka.topics.deleteOrEmpty(all.filter((name) => name.includes(word)));
    },
    [Symbol.asyncDispose]: () => closed ??= close.disposeAsync(),
  };
}
