/** Where each engine's results become durable, and how to read them there. */
import type { LogRecord } from "../../lib/kafka/engine.ts";
import type { Results } from "../probe/watch.ts";
import type { Job } from "./engine.ts";

/** Two topics, counted: each record that was written is a result. */
export function branches({ id }: Job): Results {
  const high = `${id}-high`, low = `${id}-low`;
  return {
    kind: "stream",
    topics: () => [high, low],
    read: (_, topic) => [topic === high ? "high" : "low", 1],
  };
}

/**
 * A changelog in the bytes of Kafka Streams, which are ours too: key of 8 bytes, a window's start behind it, count of
 * 8 bytes. Both engines write the last count of a key in each commit, not every count.
 */
export function javaChangelog({ id, question }: Job): Results {
  const name = `${id}-counts-changelog`;
  return {
    kind: "table",
    topics: (all) => all.includes(name) ? [name] : undefined,
    read: ({ key, value }) => {
      const label = long(key!, 0);
      return [
        question.what === "windows" ? `${label} ${long(key!, 8)}` : `${label}`,
        long(value!, 0),
      ];
    },
  };
}

/** Faust's changelog: keys and counts as JSON, every count of every record; a window's key is `[key, [start, end]]`. */
export function faustChangelog({ id, question }: Job): Results {
  const name = `${id}-counts-changelog`;
  return {
    kind: "table",
    topics: (all) => all.includes(name) ? [name] : undefined,
    read: (record) => {
      const key = JSON.parse(text(record.key));
      const label = question.what === "windows" ? `${key[0]} ${key[1][0] * 1_000}` : `${key}`;
      return [label, Number(text(record.value))];
    },
  };
}

/** Quix's changelog: the last count of a key in each commit, as JSON; keys are `"2"|"count"`, or `"2"|start|end`. */
export function quixChangelog({ id, question }: Job): Results {
  return {
    kind: "table",
    topics: (all) => {
      const found = all.filter((name) => name.startsWith(`changelog__${id}--`));
      return found.length > 0 ? found : undefined;
    },
    read: ({ key, value }) => {
      const bar = key!.indexOf("|".charCodeAt(0)), vendor = text(key!.subarray(1, bar - 1));
      if (question.what === "count") return [vendor, Number(text(value))];
      // Beside the windows stand notes of its own, such as a key's latest time.
      const isWindow = key!.length === bar + 1 + 8 + 1 + 8;
      return isWindow ? [`${vendor} ${long(key!, bar + 1)}`, Number(text(value))] : undefined;
    },
  };
}

/** A 64-bit number, big endian. */
function long(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigInt64(0));
}

function text(bytes: LogRecord["key"]): string {
  return new TextDecoder().decode(bytes ?? undefined);
}
