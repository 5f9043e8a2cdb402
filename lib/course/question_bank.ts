import { ask, type BankQuestion, no, yes } from "./bank_question.ts";
import { LATER_QUESTIONS } from "./later_questions.ts";

/** Questions to ask oneself, in the order of the course. */
export const QUESTION_BANK: readonly BankQuestion[] = [
  ask(
    "00 after-reading",
    "The consumer has read the record. What is in the topic now?",
    [
      yes("the same record, still at offset 0"),
      no("nothing: reading takes it out", "M01"),
      no("a mark that says: read", "M01"),
    ],
    "A topic is a log. Reading changes nothing in it, so any number of consumers can read the same record.",
  ),
  ask(
    "01 two-groups",
    "A topic has 10 records; two readers of different groups read it. Reads in all?",
    [
      no("10", "M01"),
      yes("20"),
      no("5 and 5", "M03"),
    ],
    "Reading takes nothing away, and each group reads everything.",
  ),
  ask(
    "01 across-partitions",
    "Offset 7 in partition 0 and offset 3 in partition 1: which came first?",
    [
      no("the one in partition 1", "M02"),
      no("the one in partition 0"),
      yes("that cannot be said"),
    ],
    "Offsets count inside a partition; between partitions there is no order.",
  ),
  ask(
    "01 one-partition",
    "Which of these must be in one partition, so that a reader sees them in order?",
    [
      no("all records of a topic", "M02"),
      yes("the records of one vendor"),
      no("records with the same timestamp"),
    ],
    "Order matters between records about the same thing. Give them the same key, and they share a partition: notebook 02.",
  ),
  ask("02 one-space", 'The keys {"id":1} and {"id": 1} …', [
    yes("may go to two partitions"),
    no("go to the same partition", "M10"),
    no("are refused"),
  ], "The partitioner hashes bytes, and one space more is other bytes."),
  ask("02 acknowledged", "A producer has its acknowledgement. The record …", [
    no("has been read", "M07"),
    yes("is stored"),
    no("is on its way"),
  ], "Brokers acknowledge what they have stored. Who reads it, and when, they do not wait for."),
  ask("02 slow-reader", "A consumer is slower than the producer. The producer …", [
    yes("goes on at its own pace"),
    no("waits for the consumer", "M08"),
    no("leaves records out"),
  ], "The topic lies between them and keeps what has not been read."),
  ask(
    "02 more-partitions",
    'A topic grows from 3 partitions to 6. Records with key "a" …',
    [
      no("move to their new partition", "M11"),
      yes("that come from now on may go elsewhere than the old ones"),
      no("go on as before", "M11"),
    ],
    "Nothing moves, but the remainder of the hash is another one: the order of one key is broken.",
  ),
  ask("02 run-twice", "You run the producer a second time. The topic holds its records …", [
    no("once: they are overwritten", "M12"),
    no("once: the broker refuses what it has", "M13"),
    yes("twice"),
  ], "A log only grows, and a second run is another producer."),
  ask(
    "03 committed-end",
    "A partition's committed offset is 12, its end is 12. What is left to read?",
    [
      yes("nothing"),
      no("record 12", "M06"),
      no("record 11", "M06"),
    ],
    "12 is the next record to read, and it is not there yet.",
  ),
  ask(
    "03 earliest-again",
    'A group that has committed starts again with from: "earliest". It reads …',
    [
      no("from offset 0", "M05"),
      yes("from where it had committed"),
      no("from the end"),
    ],
    "“earliest” counts only where nothing is committed.",
  ),
  ask("04 eight-of-six", "Six partitions, eight members of one group:", [
    yes("two are idle"),
    no("all eight share the work", "M04"),
    no("the last two are refused"),
  ], "A partition has at most one reader in a group."),
  ask("04 keep-up", "As many members as partitions, and they cannot keep up. You add …", [
    no("members", "M04"),
    no("a second group", "M03"),
    yes("partitions, and then members"),
  ], "A further member would be idle; a further group would read everything again."),
  ask("04 range-rule", "Kafka's range rule, 8 partitions, 5 members:", [
    no("2 2 1 2 1"),
    yes("2 2 2 1 1"),
    no("1 1 2 2 2"),
  ], "One each, and the three that are left over to the first three members."),
  ask(
    "05 commit-first",
    "A program commits, then acts, and crashes between the two. The record is …",
    [
      yes("lost"),
      no("done twice"),
      no("neither"),
    ],
    "The group goes on behind it, and it was never done.",
  ),
  ask("05 auto-commit", "Auto-commit each 0.1 s, and a crash:", [
    no("nothing comes again", "M15"),
    yes("some records may come again"),
    no("everything comes again"),
  ], "What was done since the last commit comes again; it is less, not nothing."),
  ask(
    "05 idempotent-twice",
    "An idempotent producer, and its program is run twice. The topic has the records …",
    [
      no("once", "M13"),
      yes("twice"),
      no("in an order of its own"),
    ],
    "Sequence numbers belong to one run of one producer.",
  ),
  ask(
    "05 email-each",
    "A consumer sends an e-mail for each record. Which promise can it keep?",
    [
      no("exactly once", "M14"),
      yes("at least once or at most once, as it chooses"),
      no("both at the same time"),
    ],
    "The e-mail cannot be written in one step with the offset, so a crash can fall between. You choose on which side.",
  ),
  ask("06 swapped", "Avro bytes read with two floats swapped in the writer's schema:", [
    no("an error", "M16"),
    yes("wrong values and no error"),
    no("the right values: they go by name", "M16"),
  ], "The bytes hold no names: the schema says what comes next."),
  ask(
    "06 random-number",
    "A field is nearly always a random number between 0 and 4 billion. Which type writes it shortest?",
    [
      no("long: at most five bytes"),
      no("float: always four bytes"),
      yes("fixed of 4 bytes: always four, and exact"),
    ],
    "Random large numbers take five bytes as a zig-zag long. A float is four bytes, but it cannot tell 4,000,000,000 from 4,000,000,001.",
  ),
  ask(
    "07 refused-records",
    "The registry refuses your schema. What has happened to the records that are in the topic already?",
    [
      yes("nothing: they can be read as before"),
      no("they are deleted", "M17"),
      no("they wait until the schema is repaired", "M17"),
    ],
    "The refusal came before anything was written. Each old record carries the id of the schema that it was written with.",
  ),
  ask("08 backward-first", "BACKWARD: who is upgraded first?", [
    no("the producers", "M18"),
    yes("the consumers"),
    no("both at once"),
  ], "The new schema can read old data, so a new reader can stand there before any new data does."),
  ask(
    "08 many-versions",
    "Consumers read from the beginning of a topic with many versions. The mode to choose:",
    [
      no("BACKWARD: the latest version is enough", "M19"),
      yes("BACKWARD_TRANSITIVE"),
      no("NONE"),
    ],
    "They meet every version, so each has to be readable.",
  ),
  ask("08 alias-forward", "A rename with an alias under FORWARD is …", [
    yes("refused"),
    no("safe", "M20"),
    no("safe, if the field has a default in the new schema", "M20"),
  ], "The old reader does not know the alias, and finds its field missing."),
  ask(
    "08 forty-teams",
    "Forty teams read your topic, and you cannot tell when each of them upgrades. You must add a field. Which mode lets you deploy first?",
    [
      no("BACKWARD", "M18"),
      yes("FORWARD"),
      no("NONE"),
    ],
    "Forward means that old readers understand new records, so the producer may go first. Under BACKWARD you would wait for forty teams.",
  ),
  ask("09 latest-payment", "A vendor's payments as a table of the latest value:", [
    no("holds them all", "M21"),
    no("holds their sum"),
    yes("holds one of them"),
  ], "A table keeps the latest value of a key. Payments are a stream."),
  ask("09 updates", "A table had 1,000 updates. Its changelog holds …", [
    no("exactly 1,000 records", "M22"),
    yes("1,000 records or fewer"),
    no("one record"),
  ], "Compaction may have taken earlier values of a key away, when it ran."),
  ask(
    "09 every-record",
    "In which of these does every record count, so that a table of the latest values would be wrong?",
    [
      no("a taxi's position"),
      no("a customer's address"),
      yes("payments"),
    ],
    "A later payment does not replace an earlier one. Positions and addresses do.",
  ),
  ask("10 without-grouping", "Rides keyed by ride, counted by vendor without grouping:", [
    yes("parts of each count, and nothing says so"),
    no("the right counts", "M23"),
    no("an error"),
  ], "A vendor's rides lie in several partitions, each with a task that sees its own."),
  ask(
    "10 machine-gone",
    "The machine is gone, disk and all. What does a worker on a new machine need to go on counting?",
    [
      no("a backup of the table"),
      yes("the application's id and Kafka"),
      no("all the rides since the beginning"),
    ],
    "The id names the group, for the position, and the changelog, for the table. Both are in Kafka.",
  ),
  ask("11 opposite", "The opposite of >= 40 is …", [
    no("<= 40", "M29"),
    yes("< 40"),
    no("> 40"),
  ], "40 belongs to one side only."),
  ask("11 poison-again", "A program stopped at a record that it cannot read. You start it again:", [
    no("it goes on behind the record", "M30"),
    yes("it stops there again"),
    no("it begins at the beginning"),
  ], "The commit stands before the record, so it is the next one again."),
  ask(
    "11 all-broken",
    "Decoding fails for every record since 10 o'clock. Which policy do you wish you had chosen?",
    [
      no("skip"),
      no("dead-letter", "M31"),
      yes("fail"),
    ],
    "When everything is broken, somebody has changed the format. A program that stops is noticed at once; one that goes on fills the dead-letter topic, or loses everything quietly.",
  ),
  ask(
    "12 first-window",
    "Windows of 60 s, a program that starts at 12:00:37. The first window begins at …",
    [
      yes("12:00:00"),
      no("12:00:37", "M24"),
      no("12:01:00"),
    ],
    "Windows begin at multiples of their size, whenever the program starts.",
  ),
  ask(
    "12 on-the-border",
    "A ride at exactly 00:01:00, windows of a minute. It is in the window that begins at …",
    [
      no("00:00"),
      yes("00:01"),
      no("both"),
    ],
    "A window has its start, and not its end.",
  ),
  ask(
    "12 replay-clock",
    "A program replays last year's rides overnight. Which clock gives the counts that it gave last year?",
    [
      yes("event time"),
      no("processing time"),
      no("both"),
    ],
    "Pickups are in the data and stay what they were. Processing time would put a year into one night.",
  ),
  ask(
    "13 quiet-night",
    "Grace is two minutes and no ride comes all night. The last window closes …",
    [
      no("after two minutes", "M26"),
      yes("with the next ride that is late enough"),
      no("at midnight"),
    ],
    "Only records move stream time.",
  ),
  ask("13 other-order", "The same rides in another order. The late ones are …", [
    no("the same: the network is", "M25"),
    yes("others"),
    no("none"),
  ], "Late is what comes after stream time has passed: the order decides."),
  ask("13 row-retention", "Grace one hour, rows kept for one minute:", [
    no("fine: they are the same thing", "M27"),
    yes("impossible: a row must stay as long as it may change"),
    no("fine: late rides make new rows"),
  ], "A late ride needs the row that it is counted in."),
  ask("13 dropped", "A program drops late records. You see that …", [
    no("by an error", "M28"),
    no("by a gap in the table", "M28"),
    yes("by a counter, if you look"),
  ], "A sum that lacks some records looks like any other sum."),
  ...LATER_QUESTIONS,
];
