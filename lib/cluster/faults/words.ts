/** A way Kafka, the registry or Java says it cannot go on, and how we say it. */
interface Fault {
  readonly pattern: RegExp;
  readonly words: (found: RegExpMatchArray) => string;
}

/** The most telling first: a full disk makes many other errors after it. */
const FAULTS: readonly Fault[] = [
  {
    // The last one: Kafka maps its indexes, and the system has no block for a page that was written.
    pattern:
      /No space left on device|not enough space on the disk|Disk quota exceeded|fault occurred in an? (?:recent )?unsafe memory access/i,
    words: () => 'the disk is full (free at least 500 MB, then run "deno task up")',
  },
  {
    // A lesson's limit for the size of a file; also the disk of a system that holds none of 4 GB.
    pattern: /File too large/i,
    words: () => "its disk is full: a file may grow no further",
  },
  {
    pattern: /OutOfMemoryError|Could not reserve enough space|insufficient memory for the Java/i,
    words: () => 'Java ran out of memory (close other programs, then run "deno task up")',
  },
  {
    pattern: /Stored node id (\d+) doesn't match previous node id (\d+)|node\.id.*doesn't match/i,
    words: () => 'its data folder belongs to another cluster (run "deno task reset")',
  },
  {
    pattern: /No readable meta\.properties|node ID not found|meta\.properties.*(corrupt|invalid)/i,
    words: () =>
      'its data folder is damaged: meta.properties is unreadable (run "deno task reset")',
  },
  {
    pattern: /Found directory ([^,]+), '([^']+)' is not in the form of topic-partition/i,
    words: ([, path]) => `the folder "${path}" among its data is not Kafka's (move it away)`,
  },
  {
    pattern: /(?:failed to bind to|bind).*?:(\d{2,5})[^\n]*Address already in use/i,
    words: ([, port]) => `port ${port} is taken (run "deno task doctor" to see by whom)`,
  },
  {
    pattern: /Address already in use|Port\(s\) already bound/i,
    words: () => 'its port is taken (run "deno task doctor" to see by whom)',
  },
  {
    pattern: /Failed to acquire lock on file .*\.lock/i,
    words: () => 'another Kafka uses its data folder (stop that one, then run "deno task up")',
  },
  {
    pattern: /Error while reading checkpoint file ([^\s:]+)|Malformed line in checkpoint file/i,
    words: () =>
      'its data folder is damaged: a checkpoint file is unreadable (run "deno task reset")',
  },
  {
    pattern: /MVStoreException|Database may be already in use|File corrupted while reading record/i,
    words: () =>
      'its database is damaged or in use (run "deno task down", then "deno task reset" if it stays)',
  },
  {
    pattern: /UnsupportedClassVersionError|Unrecognized (?:VM )?option/i,
    words: () => "this Java is too old or not whole (unset JAVA_HOME and run it again)",
  },
  {
    // Windows renames nothing that is open, and what Kafka removes it renames first (KAFKA-1194).
    pattern: /Error while renaming dir|\.deleted: .*used by another process/i,
    words: () =>
      'Windows did not let it remove a topic or an old segment (run "deno task up": what was written is there)',
  },
  {
    pattern: /Permission denied|AccessDeniedException/i,
    words: () => "a file of its data folder may not be read or written (look at who owns it)",
  },
  {
    pattern: /all log dirs in .* have failed|Stopping serving logs in dir/i,
    words: () => 'its data folder can no longer be read or written (run "deno task doctor")',
  },
];

/**
 * Says in plain words why a Java process ended, from the last lines it wrote.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { whyItEnded } from "./words.ts";
 * const log = ["ERROR Disk error", "java.io.IOException: No space left on device", "\tat sun.nio"];
 * assert.equal(whyItEnded(log), 'the disk is full (free at least 500 MB, then run "deno task up")');
 * assert.equal(whyItEnded(["2026-01-01 00:00:00.000 ERROR KafkaRaftServer - Odd thing", "\tat x.Y"]),
 *   'it said "Odd thing" (look at its log)');
 * ```
 */
export function whyItEnded(lines: readonly string[]): string {
  const text = lines.join("\n");
  for (const { pattern, words } of FAULTS) {
    const found = text.match(pattern);
    if (found) return words(found);
  }
  const real = lines.filter(isReal);
  const last = real.findLast((line) => /ERROR|FATAL|Exception|Error/.test(line)) ?? real.at(-1);
  if (last === undefined) return "it ended without a word (look at its log)";
  return `it said "${plain(last).slice(0, 200)}" (look at its log)`;
}

/** Stack frames and Java's own warnings say nothing to a learner. */
function isReal(line: string): boolean {
  return !/^\s*(at |\.\.\. \d+ more)|^WARNING:|^Caused by: .*\$/.test(line) && line.trim() !== "";
}

function plain(line: string): string {
  return line.replace(/^\S+ \S+ (ERROR|WARN|FATAL|INFO) (\S+ - )?/, "").replace(/^[\w.$]+: /, "")
    .trim();
}

/**
 * Finds the partitions whose damaged records a starting broker has cut off.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { partitionsCut } from "./words.ts";
 * const line = "WARN LogLoader - [LogLoader partition=demo_1-0, dir=/d] Corruption found in segment 0, truncating";
 * assert.deepEqual(partitionsCut([line, line]), ["demo_1-0"]);
 * ```
 */
export function partitionsCut(lines: readonly string[]): string[] {
  const found = lines.map((line) =>
    line.match(/\[LogLoader partition=([^,\]]+).*\] Corruption found in segment/)?.[1] ??
      line.match(/Found invalid messages in log segment .*[/\\]([^/\\]+-\d+)[/\\]\d{20}\.log/)?.[1]
  );
  return [...new Set(found.filter((partition) => partition !== undefined))].sort();
}
