/**
 * Store keys as a changelog topic shows them: readable JSON, or Kafka Streams' bytes.
 *
 * @module
 */
import type { StoreSpec } from "../topology/store_spec.ts";
import { type Windowed, windowed, type WindowedSerde } from "../topology/windowed_serde.ts";
import { bareKey, sessionKey, sessionOf, timeOf, windowKey } from "./layout.ts";
import { type StateKey, toBytes, toStateKey } from "./state_key.ts";

/** The changelog key of a row. */
export function changelogKey(spec: StoreSpec, key: StateKey): Uint8Array {
  const serde = readable(spec);
  if (!serde) return toBytes(key);
  return serde.encode(windowedOf(spec, key), topicOf(spec)) as Uint8Array;
}

/** The row that a changelog key names. */
export function fromChangelogKey(spec: StoreSpec, bytes: Uint8Array): StateKey {
  const serde = readable(spec);
  if (!serde) return toStateKey(bytes);
  const value = serde.decode(bytes, topicOf(spec)) as Windowed<unknown>;
  const bare = toStateKey(serde.bareBytes(value, topicOf(spec))!);
  return spec.layout === "window"
    ? windowKey(bare, value.start)
    : sessionKey(bare, value.start, value.end);
}

/** Key, start and end of a row of a windowed store. */
export function windowedOf(spec: StoreSpec, key: StateKey): Windowed<unknown> {
  const bare = spec.key.decode(toBytes(bareKey(spec.layout, key)), topicOf(spec));
  if (spec.layout === "session") {
    const { startMs, endMs } = sessionOf(key);
    return { key: bare, start: startMs, end: endMs };
  }
  const start = timeOf(spec.layout, key)!;
  return { key: bare, start, end: start + (spec.sizeMs ?? 0) };
}

function topicOf({ topic, name }: StoreSpec): string {
  return topic ?? name;
}

const serdes = new WeakMap<StoreSpec, WindowedSerde<unknown>>();

function readable(spec: StoreSpec): WindowedSerde<unknown> | undefined {
  const format = spec.windowKey ?? "json";
  if (format === "java" || (spec.layout !== "window" && spec.layout !== "session")) {
    return undefined;
  }
  let serde = serdes.get(spec);
  if (!serde) serdes.set(spec, serde = windowed(spec.key, { format }));
  return serde;
}
