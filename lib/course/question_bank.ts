import type { MisconceptionId } from "./misconceptions.ts";

/** A question of the bank. */
export interface BankQuestion {
  /** Number of the notebook that teaches it, such as `03`; some are of lessons to come. */
  readonly notebook: string;
  /** One sentence, or the beginning of one. */
  readonly question: string;
  /** In the order in which they are asked. */
  readonly options: readonly BankOption[];
  /** Why the right one is right. */
  readonly why: string;
}

/** One possible answer. */
export interface BankOption {
  /** A few words. */
  readonly text: string;
  /** Whether it is the right one; one of them is. */
  readonly right?: boolean;
  /** What one who chooses it seems to believe. */
  readonly belief?: MisconceptionId;
}

const yes = (text: string): BankOption => ({ text, right: true });
const no = (text: string, belief?: MisconceptionId): BankOption =>
  belief === undefined ? { text } : { text, belief };

function ask(
  notebook: string,
  question: string,
  options: readonly BankOption[],
  why: string,
): BankQuestion {
  return { notebook, question, options, why };
}

/** Questions to ask oneself, in the order of the course. */
export const QUESTION_BANK: readonly BankQuestion[] = [
  ask("01", "A topic has 10 records; two readers of different groups read it. Reads in all?", [
    no("10", "M01"),
    yes("20"),
    no("5 and 5", "M03"),
  ], "Reading takes nothing away, and each group reads everything."),
  ask("01", "Offset 7 in partition 0 and offset 3 in partition 1: which came first?", [
    no("the one in partition 1", "M02"),
    no("the one in partition 0"),
    yes("that cannot be said"),
  ], "Offsets count inside a partition; between partitions there is no order."),
  ask("02", 'The keys {"id":1} and {"id": 1} …', [
    yes("may go to two partitions"),
    no("go to the same partition", "M10"),
    no("are refused"),
  ], "The partitioner hashes bytes, and one space more is other bytes."),
  ask(
    "02",
    'A topic grows from 3 partitions to 6. Records with key "a" …',
    [
      no("move to their new partition", "M11"),
      yes("that come from now on may go elsewhere than the old ones"),
      no("go on as before", "M11"),
    ],
    "Nothing moves, but the remainder of the hash is another one: the order of one key is broken.",
  ),
  ask("02", "You run the producer a second time. The topic holds its records …", [
    no("once: they are overwritten", "M12"),
    no("once: the broker refuses what it has", "M13"),
    yes("twice"),
  ], "A log only grows, and a second run is another producer."),
  ask("03", "A partition's committed offset is 12, its end is 12. What is left to read?", [
    yes("nothing"),
    no("record 12", "M06"),
    no("record 11", "M06"),
  ], "12 is the next record to read, and it is not there yet."),
  ask("03", 'A group that has committed starts again with from: "earliest". It reads …', [
    no("from offset 0", "M05"),
    yes("from where it had committed"),
    no("from the end"),
  ], "“earliest” counts only where nothing is committed."),
  ask("04", "Six partitions, eight members of one group:", [
    yes("two are idle"),
    no("all eight share the work", "M04"),
    no("the last two are refused"),
  ], "A partition has at most one reader in a group."),
  ask("04", "As many members as partitions, and they cannot keep up. You add …", [
    no("members", "M04"),
    no("a second group", "M03"),
    yes("partitions, and then members"),
  ], "A further member would be idle; a further group would read everything again."),
  ask("04", "Kafka's range rule, 8 partitions, 5 members:", [
    no("2 2 1 2 1"),
    yes("2 2 2 1 1"),
    no("1 1 2 2 2"),
  ], "One each, and the three that are left over to the first three members."),
  ask("05", "A program commits, then acts, and crashes between the two. The record is …", [
    yes("lost"),
    no("done twice"),
    no("neither"),
  ], "The group goes on behind it, and it was never done."),
  ask("05", "Auto-commit each 0.1 s, and a crash:", [
    no("nothing comes again", "M15"),
    yes("some records may come again"),
    no("everything comes again"),
  ], "What was done since the last commit comes again; it is less, not nothing."),
  ask("05", "An idempotent producer, and its program is run twice. The topic has the records …", [
    no("once", "M13"),
    yes("twice"),
    no("in an order of its own"),
  ], "Sequence numbers belong to one run of one producer."),
  ask("14", "Exactly once, an e-mail in foreach, a crash:", [
    yes("maybe two e-mails"),
    no("one e-mail", "M14"),
    no("none"),
  ], "A transaction takes back records and offsets, not what left Kafka."),
  ask("14", "A reader that reads uncommitted records sees what is aborted …", [
    no("never"),
    yes("as if nothing were wrong"),
    no("with a mark"),
  ], "Only a reader of committed records waits for the end of the transaction."),
  ask("06", "Avro bytes read with two floats swapped in the writer's schema:", [
    no("an error", "M16"),
    yes("wrong values and no error"),
    no("the right values: they go by name", "M16"),
  ], "The bytes hold no names: the schema says what comes next."),
  ask("07", "The registry refuses a producer's schema. The topic …", [
    yes("is as it was"),
    no("loses the records that do not fit", "M17"),
    no("is locked"),
  ], "The registry sees schemas only, and the producer stops before it sends."),
  ask("08", "BACKWARD: who is upgraded first?", [
    no("the producers", "M18"),
    yes("the consumers"),
    no("both at once"),
  ], "The new schema can read old data, so a new reader can stand there before any new data does."),
  ask(
    "08",
    "Consumers read from the beginning of a topic with many versions. The mode to choose:",
    [
      no("BACKWARD: the latest version is enough", "M19"),
      yes("BACKWARD_TRANSITIVE"),
      no("NONE"),
    ],
    "They meet every version, so each has to be readable.",
  ),
  ask("08", "A rename with an alias under FORWARD is …", [
    yes("refused"),
    no("safe", "M20"),
    no("safe, if the field has a default in the new schema", "M20"),
  ], "The old reader does not know the alias, and finds its field missing."),
  ask("09", "A vendor's payments as a table of the latest value:", [
    no("holds them all", "M21"),
    no("holds their sum"),
    yes("holds one of them"),
  ], "A table keeps the latest value of a key. Payments are a stream."),
  ask("09", "A table had 1,000 updates. Its changelog holds …", [
    no("exactly 1,000 records", "M22"),
    yes("1,000 records or fewer"),
    no("one record"),
  ], "Compaction may have taken earlier values of a key away, when it ran."),
  ask("10", "Rides keyed by ride, counted by vendor without grouping:", [
    yes("parts of each count, and nothing says so"),
    no("the right counts", "M23"),
    no("an error"),
  ], "A vendor's rides lie in several partitions, each with a task that sees its own."),
  ask("11", "The opposite of >= 40 is …", [
    no("<= 40", "M29"),
    yes("< 40"),
    no("> 40"),
  ], "40 belongs to one side only."),
  ask("11", "A program stopped at a record that it cannot read. You start it again:", [
    no("it goes on behind the record", "M30"),
    yes("it stops there again"),
    no("it begins at the beginning"),
  ], "The commit stands before the record, so it is the next one again."),
  ask("12", "Windows of 60 s, a program that starts at 12:00:37. The first window begins at …", [
    yes("12:00:00"),
    no("12:00:37", "M24"),
    no("12:01:00"),
  ], "Windows begin at multiples of their size, whenever the program starts."),
  ask(
    "12",
    "A ride at exactly 00:01:00, windows of a minute. It is in the window that begins at …",
    [
      no("00:00"),
      yes("00:01"),
      no("both"),
    ],
    "A window has its start, and not its end.",
  ),
  ask("13", "Grace is two minutes and no ride comes all night. The last window closes …", [
    no("after two minutes", "M26"),
    yes("with the next ride that is late enough"),
    no("at midnight"),
  ], "Only records move stream time."),
  ask("13", "The same rides in another order. The late ones are …", [
    no("the same: the network is", "M25"),
    yes("others"),
    no("none"),
  ], "Late is what comes after stream time has passed: the order decides."),
  ask("13", "Grace one hour, rows kept for one minute:", [
    no("fine: they are the same thing", "M27"),
    yes("impossible: a row must stay as long as it may change"),
    no("fine: late rides make new rows"),
  ], "A late ride needs the row that it is counted in."),
  ask("15", "A ride comes before its vendor's name, in an inner join. The joined record comes …", [
    no("with the name", "M37"),
    yes("never"),
    no("after the window's end"),
  ], "A ride is joined with what the table has at that moment."),
  ask("15", "A vendor's name changes, and no ride comes. The join puts out …", [
    yes("nothing"),
    no("all of the vendor's rides again", "M38"),
    no("the last ride again", "M38"),
  ], "In a stream–table join only the stream's records give output."),
  ask("15", "A join of topics with two and three partitions:", [
    yes("is refused"),
    no("works, more slowly", "M39"),
    no("joins what happens to meet"),
  ], "A key would lie in different partitions, and no task would see both sides."),
  ask("16", "Left stream–stream join, no partner. The record alone comes out …", [
    no("at once", "M40"),
    yes("when stream time has passed window and grace"),
    no("when the clock has", "M26"),
  ], "Before that, the partner may still come."),
  ask("16", "Trips are joined to vendors by a foreign key, and one vendor is renamed. Out come …", [
    no("one record"),
    yes("all of the vendor's trips again"),
    no("nothing: only trips give output", "M38"),
  ], "In a table–table join each side's change gives output, one for each row it touches."),
  ask("18", "A stream-time timer, and no record comes:", [
    no("it fires on time", "M44"),
    yes("it does not fire"),
    no("it fires at the commit"),
  ], "Stream time stands still."),
  ask("20", "You put a filter before an unnamed count and start the program again. It …", [
    yes("counts from 0"),
    no("goes on", "M41"),
    no("refuses to start"),
  ], "The store's name has a number of the operator in it, and that is another one now."),
  ask(
    "21",
    "acks=all, three replicas, one in sync, min.insync.replicas=1. An acknowledged record is on …",
    [
      no("three brokers", "M33"),
      yes("one broker"),
      no("two brokers"),
    ],
    "“all” means all that are in sync at that moment.",
  ),
  ask("22", "retention.ms=1000, ten seconds later the record …", [
    yes("may be there"),
    no("is gone", "M36"),
    no("is a tombstone"),
  ], "Segments go, not records, and the one that is written to stays."),
  ask("24", "A share group, one partition, three members:", [
    no("two are idle", "M03"),
    yes("all three work, and order is gone"),
    no("all three work, in order", "M46"),
  ], "Records are handed out one by one, and each is acknowledged for itself."),
];
