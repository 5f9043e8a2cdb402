import assert from "node:assert/strict";
import { partitionsCut, whyItEnded } from "./words.ts";

/** What Kafka 4.4.0, Apicurio 3.3.3 and Java 25 really said, shortened, and what we say. */
const SAID: readonly [lines: string, words: RegExp][] = [
  [
    "ERROR LogDirFailureChannel - Error while writing partition metadata file /d/demo_1-0/partition.metadata\n" +
    "java.io.IOException: No space left on device\n\tat java.base/sun.nio.ch.X\n" +
    "ERROR LogManager - Shutdown broker because all log dirs in /d have failed",
    /^the disk is full \(free at least 500 MB/,
  ],
  [
    "ERROR ProcessTerminatingFaultHandler - Encountered fatal fault: Unexpected error in raft IO thread\n" +
    "java.lang.InternalError: a fault occurred in an unsafe memory access operation",
    /^the disk is full \(/,
  ],
  [
    "ERROR SharedServer - [SharedServer id=1] Got exception while starting SharedServer\n" +
    "java.lang.OutOfMemoryError: Java heap space",
    /^Java ran out of memory \(/,
  ],
  [
    "ERROR KafkaServer - Exiting Kafka due to fatal exception\n" +
    "java.lang.RuntimeException: No readable meta.properties files found.",
    /^its data folder is damaged: meta\.properties is unreadable \(run "deno task reset"\)/,
  ],
  [
    "java.lang.RuntimeException: Stored node id 1 doesn't match previous node id 2 in meta.properties",
    /^its data folder belongs to another cluster \(/,
  ],
  [
    "org.apache.kafka.common.KafkaException: Found directory /d/my_homework, 'my_homework' is not in the " +
    "form of topic-partition or topic-partition.uniqueId-delete (if marked for deletion).",
    /^the folder "\/d\/my_homework" among its data is not Kafka's \(move it away\)/,
  ],
  [
    "ERROR BrokerServer - [BrokerServer id=1] Fatal error during broker startup.\n" +
    "org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.",
    /^port 9092 is taken \(/,
  ],
  [
    "KafkaException: Failed to acquire lock on file .lock in /d. A Kafka instance in another process is using this directory.",
    /^another Kafka uses its data folder \(/,
  ],
  [
    "WARN LogManager - Error occurred while reading recovery-point-offset-checkpoint file of directory /d\n" +
    "KafkaStorageException: Error while reading checkpoint file /d/recovery-point-offset-checkpoint\n" +
    "ERROR LogManager - Shutdown broker because all log dirs in /d have failed",
    /^its data folder is damaged: a checkpoint file is unreadable \(run "deno task reset"\)/,
  ],
  [
    "ERROR LogDirFailureChannel - Error while renaming dir for demo_1-0 in log dir C:\\taxi\\broker-1\n" +
    "java.nio.file.AccessDeniedException: C:\\taxi\\broker-1\\demo_1-0 -> C:\\taxi\\broker-1\\demo_1-0.5f-delete\n" +
    "ERROR LogManager - Shutdown broker because all log dirs in C:\\taxi\\broker-1 have failed",
    /^Windows did not let it remove a topic or an old segment \(run "deno task up"/,
  ],
  [
    "java.nio.file.FileSystemException: C:\\d\\a-0\\0.timeindex -> C:\\d\\a-0\\0.timeindex.deleted: The process " +
    "cannot access the file because it is being used by another process",
    /^Windows did not let it remove/,
  ],
  [
    "ERROR (main) Failed to start application: org.h2.mvstore.MVStoreException: File corrupted while reading record",
    /^its database is damaged or in use \(/,
  ],
  [
    "Error: Could not find or load main class kafka.Kafka",
    /^it said "Could not find or load main/,
  ],
];

Deno.test("whyItEnded() says each known end in plain words with one fix", () => {
  for (const [lines, words] of SAID) assert.match(whyItEnded(lines.split("\n")), words);
});

Deno.test("whyItEnded() keeps stack frames and Java's own warnings from the learner", () => {
  const lines = [
    "WARNING: A terminally deprecated method in sun.misc.Unsafe has been called",
    "2026-11-22 21:35:24.908 ERROR KafkaRaftServer - Exiting Kafka due to an odd thing",
    "\tat kafka.Kafka$.main(Kafka.scala:87)",
    "\t... 4 more",
  ];
  assert.equal(whyItEnded(lines), 'it said "Exiting Kafka due to an odd thing" (look at its log)');
  assert.equal(whyItEnded(lines.slice(0, 1)), "it ended without a word (look at its log)");
});

Deno.test("partitionsCut() finds what a broker cut off while it started", () => {
  const lines = [
    "WARN LogSegment - Found invalid messages in log segment /s/brokers-1/broker-1/demo_1-0/00000000000000000000.log at byte offset 19206.",
    "WARN LogLoader - [LogLoader partition=demo_1-0, dir=/s] Corruption found in segment 0, truncating to offset 300",
    "WARN LogManager - nothing of it",
  ];
  assert.deepEqual(partitionsCut(lines), ["demo_1-0"]);
});
