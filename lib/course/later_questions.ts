import { ask, type BankQuestion, no, yes } from "./bank_question.ts";

/** Those about the notebooks from 14 on; some of these are still to come. */
export const LATER_QUESTIONS: readonly BankQuestion[] = [
  ask("14 email", "Exactly once, an e-mail in foreach, a crash:", [
    yes("maybe two e-mails"),
    no("one e-mail", "M14"),
    no("none"),
  ], "A transaction takes back records and offsets, not what left Kafka."),
  ask("14 read-uncommitted", "A reader that reads uncommitted records sees what is aborted …", [
    no("never"),
    yes("as if nothing were wrong"),
    no("with a mark"),
  ], "Only a reader of committed records waits for the end of the transaction."),
  ask(
    "15 ride-before-name",
    "A ride comes before its vendor's name, in an inner join. The joined record comes …",
    [
      no("with the name", "M37"),
      yes("never"),
      no("after the window's end"),
    ],
    "A ride is joined with what the table has at that moment.",
  ),
  ask("15 name-changes", "A vendor's name changes, and no ride comes. The join puts out …", [
    yes("nothing"),
    no("all of the vendor's rides again", "M38"),
    no("the last ride again", "M38"),
  ], "In a stream–table join only the stream's records give output."),
  ask("15 two-and-three", "A join of topics with two and three partitions:", [
    yes("is refused"),
    no("works, more slowly", "M39"),
    no("joins what happens to meet"),
  ], "A key would lie in different partitions, and no task would see both sides."),
  ask(
    "15 vendor-renamed",
    "A vendor is renamed in the table. When does the output show the new name?",
    [
      no("at once, for all its rides", "M38"),
      yes("at its next ride"),
      no("never"),
    ],
    "Only records of the stream make output: the vendor's next ride does.",
  ),
  ask("16 no-partner", "Left stream–stream join, no partner. The record alone comes out …", [
    no("at once", "M40"),
    yes("when stream time has passed window and grace"),
    no("when the clock has", "M26"),
  ], "Before that, the partner may still come."),
  ask(
    "16 renamed",
    "Trips are joined to vendors by a foreign key, and one vendor is renamed. Out come …",
    [
      no("one record"),
      yes("all of the vendor's trips again"),
      no("nothing: only trips give output", "M38"),
    ],
    "In a table–table join each side's change gives output, one for each row it touches.",
  ),
  ask("16 slow-ends", "A slow service writes the ends: they come up to 5 minutes late. You add …", [
    yes("5 minutes of graceMs"),
    no("5 minutes to afterMs"),
    no("beforeMs"),
  ], "Their own times are right, and so is the window. Grace keeps it open."),
  ask(
    "17 standby-numbers",
    "Each start counts what it reads from the changelog. A standby changes …",
    [
      no("nothing"),
      yes("the lost disk: it costs 0"),
      no("memory: it costs 0", "M43"),
    ],
    "It reads the changelog all the time, and takes over with its rows.",
  ),
  ask("18 timer", "A stream-time timer, and no record comes:", [
    no("it fires on time", "M44"),
    yes("it does not fire"),
    no("it fires at the commit"),
  ], "Stream time stands still."),
  ask("18 hourly-books", "A program writes each hour's fares, for the books. Which timer?", [
    no("stream time"),
    no("the wall clock"),
    yes("none: a window closes"),
  ], "Windows are made for this, and a replay gives the same books."),
  ask("19 elsewhere-only", "A property fails on your colleague's machine only. Ask for …", [
    yes("its seed"),
    no("its processor"),
    no("more runs"),
  ], "The seed draws the same inputs again: you have the example in a second."),
  ask(
    "20 filter-added",
    "You put a filter before an unnamed count and start the program again. It …",
    [
      yes("counts from 0"),
      no("goes on", "M41"),
      no("refuses to start"),
    ],
    "The store's name has a number of the operator in it, and that is another one now.",
  ),
  ask("20 not-hurt", "Who is not hurt by a reset of the program that writes the topic?", [
    no("a reader that adds the values up", "M42"),
    yes("a reader that keeps the newest value of each key"),
    no("an alarm when a count falls"),
  ], "After the second run the newest value of each key is the right one."),
  ask(
    "21 one-in-sync",
    "acks=all, three replicas, one in sync, min.insync.replicas=1. An acknowledged record is on …",
    [
      no("three brokers", "M33"),
      yes("one broker"),
      no("two brokers"),
    ],
    "“all” means all that are in sync at that moment.",
  ),
  ask("21 deleted", "Three replicas, and a program deletes the topic by mistake. Its records …", [
    no("are on the two other brokers", "M32"),
    no("come back with a restart"),
    yes("are gone from all three"),
  ], "Replicas follow the leader in everything, mistakes among them: they are no backup."),
  ask("21 leader-dies", "acks=all, three in sync, and the leader dies. What was acknowledged …", [
    no("is lost", "M34"),
    yes("is read from the next leader"),
    no("is there when the broker is back"),
  ], "An acknowledged record was on all three, and one of the other two leads from now on."),
  ask("22 retention", "retention.ms=1000, ten seconds later the record …", [
    yes("may be there"),
    no("is gone", "M36"),
    no("is a tombstone"),
  ], "Segments go, not records, and the one that is written to stays."),
  ask("22 crc", "A bit of a batch's base offset is flipped on the disk. The checksum …", [
    no("is wrong: it covers the whole batch"),
    no("is corrected by the reader"),
    yes("holds: it begins behind what the broker writes"),
  ], "The producer computes it before the broker gives the batch its offset."),
  ask("22 compacted", "A compacted topic has, of each key and at any moment, …", [
    no("one record", "M35"),
    no("all its records"),
    yes("the newest record, and perhaps older ones"),
  ], "The cleaner comes now and then, and never touches the segment that is written to."),
  ask("23 await", "A round trip takes 2 ms, and a program awaits each send. It writes at most …", [
    no("as many records as fit into a batch"),
    yes("500 records a second"),
    no("what the broker can take"),
  ], "The next record sets out when the one before is acknowledged: 1,000 / 2."),
  ask("23 small-batches", "gzip saves a tenth of a topic's bytes. What helps most?", [
    no("zstd in its place"),
    no("more partitions", "M04"),
    yes("more records a batch"),
  ], "Each batch is packed by itself, and what repeats does so from record to record."),
  ask("23 hot-key", "One key has half of all records, and its member cannot keep up. What helps?", [
    yes("a finer key"),
    no("twice as many partitions", "M11"),
    no("twice as many members", "M04"),
  ], "A key is on one partition, and a partition has one reader in a group."),
  ask(
    "24 newcomer",
    "Eager: a member joins a group of eleven, and one partition moves. Who stops?",
    [
      no("the one that gives it up"),
      no("nobody: the new one waits"),
      yes("all eleven"),
    ],
    "All give back everything before anything is shared out, also what they get again.",
  ),
  ask("24 share-group", "A share group, one partition, three members:", [
    no("two are idle", "M03"),
    yes("all three work, and order is gone"),
    no("all three work, in order", "M46"),
  ], "Records are handed out one by one, and each is acknowledged for itself."),
  ask(
    "25 row-changed",
    "Change data capture: a ride's price went from 10 to 12. The record says …",
    [
      yes("what the row was and is"),
      no("why the price rose", "M47"),
      no("which program asks for the price"),
    ],
    "A changed row is no event: what happened, and why, is not in it.",
  ),
  ask("27 ten-thousand", "A group's lag is 10,000 records. It is behind by …", [
    no("too much: raise the alarm", "M48"),
    yes("seconds or hours, who knows"),
    no("ten seconds"),
  ], "How long that is depends on the rate: measure the lag as time."),
];
