/** What settings of topics mean, in a line each; Kafka has more, which seldom matter in a lesson. */
const MEANING: Readonly<Record<string, string>> = {
  "cleanup.policy":
    "what happens to old records: deleted by age or size, or only the newest of each key kept",
  "retention.ms": "how long records are kept; −1 is for ever",
  "retention.bytes": "how much of a partition is kept; −1 is everything",
  "segment.ms": "after how long a new file is begun: only whole files are deleted or compacted",
  "segment.bytes": "at which size a new file is begun",
  "max.message.bytes": "largest batch of records that the topic takes",
  "min.insync.replicas":
    "copies that must have a record before a producer with acks=all is told so",
  "compression.type": "how batches are stored; “producer” leaves them as they came",
  "delete.retention.ms": "how long a tombstone stays in a compacted topic",
  "min.compaction.lag.ms": "how long a record is safe from compaction",
  "max.compaction.lag.ms": "after how long a record must be looked at by compaction",
  "min.cleanable.dirty.ratio": "how much of the log must be uncompacted before compaction begins",
  "message.timestamp.type": "whether a record has its producer's time or the broker's",
  "message.timestamp.after.max.ms": "how far in the future a record's time may be",
  "message.timestamp.before.max.ms": "how old a record's time may be",
  "unclean.leader.election.enable": "whether a copy that is behind may lead: records can be lost",
  "flush.messages": "after how many records they are forced to disk",
  "flush.ms": "after how long records are forced to disk",
  "file.delete.delay.ms": "how long a deleted file stays on disk",
  "index.interval.bytes": "how often a record is noted in the index",
  "segment.index.bytes": "size of the index of offsets",
  "segment.jitter.ms": "by how much the begin of new files is spread out",
  "preallocate": "whether files get their full size at once",
  "remote.storage.enable": "whether old files move to other storage",
  "local.retention.ms": "how long files stay here when they are also elsewhere; −2 as retention.ms",
  "local.retention.bytes": "how much stays here when it is also elsewhere; −2 as retention.bytes",
};

/** What a setting means; undefined where this page has no words for it. */
export const meaningOf = (name: string): string | undefined => MEANING[name];

const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], [
  "second",
  1_000,
]] as const;
const SIZES = [["GB", 2 ** 30], ["MB", 2 ** 20], ["kB", 2 ** 10]] as const;
/** Java's largest long and int: as good as no limit. */
const ENDLESS = ["9223372036854775807", "2147483647"];

/**
 * A value in days or megabytes; undefined where the number says it all.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inWords } from "./setting_words.ts";
 * assert.equal(inWords("retention.ms", "604800000"), "7 days");
 * assert.equal(inWords("segment.bytes", "1073741824"), "1 GB");
 * assert.equal(inWords("retention.ms", "-1"), "for ever");
 * assert.equal(inWords("min.insync.replicas", "1"), undefined);
 * ```
 */
export function inWords(name: string, value: string): string | undefined {
  const isTime = name.endsWith(".ms"), isSize = name.endsWith(".bytes");
  if (!(isTime || isSize) || !/^-?\d+$/.test(value)) return undefined;
  if (ENDLESS.includes(value)) return "no limit";
  const number = Number(value);
  if (number === -1) return isTime ? "for ever" : "no limit";
  const units: readonly (readonly [string, number])[] = isTime ? UNITS : SIZES;
  const [unit, length] = units.find(([, size]) => number >= size) ?? [];
  if (unit === undefined) return undefined;
  const many = Math.round(number / length! * 10) / 10;
  return `${many.toLocaleString("en")} ${unit}${isTime && many !== 1 ? "s" : ""}`;
}
