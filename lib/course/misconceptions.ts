/** One thing that learners believe about streams, and what is so. */
export interface Misconception {
  /** What they believe, as a clause. */
  readonly belief: string;
  /** What is so, as a sentence. */
  readonly truth: string;
}

/** What learners believe, by the number that checks, quizzes, predictions and grades share. */
export const MISCONCEPTIONS = {
  M01: {
    belief: "reading removes a record",
    truth: "A topic is a log: reading leaves it as it was.",
  },
  M02: {
    belief: "a topic has one order",
    truth: "Order and offsets belong to a partition; between partitions there is none.",
  },
  M03: {
    belief: "a group is one consumer",
    truth: "A group shares the partitions out among its members; each other group reads all again.",
  },
  M04: {
    belief: "more members are always faster",
    truth: "A partition has one reader in a group: members beyond the partitions are idle.",
  },
  M05: {
    belief: "“earliest” always begins at the beginning",
    truth: "“earliest” counts only where the group has committed nothing.",
  },
  M06: {
    belief: "the commit names the last record read",
    truth: "The commit names the next record to read.",
  },
  M07: {
    belief: "an acknowledgement says that somebody has read the record",
    truth: "An acknowledgement says that brokers have stored the record.",
  },
  M08: {
    belief: "a consumer goes at the producer's pace",
    truth: "The log lies between them: each side has a pace of its own.",
  },
  M09: {
    belief: "a key is for finding a record",
    truth: "A key picks the partition, by its hash; nothing is looked up by it.",
  },
  M10: {
    belief: "equal JSON is an equal key",
    truth: "Equal bytes are an equal key: one space more is another key.",
  },
  M11: {
    belief: "partitions can be added without harm",
    truth: "With more partitions a key's new records may go elsewhere than its old ones.",
  },
  M12: {
    belief: "running a producer again overwrites",
    truth: "A log only grows: each run appends its records once more.",
  },
  M13: {
    belief: "an idempotent producer ends all duplicates",
    truth: "It ends those of its own retries, not those of a second run or of a consumer.",
  },
  M14: {
    belief: "exactly once covers everything a program does",
    truth: "It covers what is in Kafka; an e-mail may be sent twice.",
  },
  M15: {
    belief: "committing more often ends repeats",
    truth: "It makes repeats fewer; a crash between effect and commit still repeats.",
  },
  M16: {
    belief: "Avro's bytes carry the names of the fields",
    truth: "They carry values in the schema's order, and no name.",
  },
  M17: {
    belief: "the registry sees the data",
    truth: "It sees schemas only; records go past it.",
  },
  M18: {
    belief: "BACKWARD means that producers go first",
    truth: "BACKWARD lets a new reader read old data: consumers go first.",
  },
  M19: {
    belief: "a check against the latest version is enough",
    truth: "Who reads from the beginning meets all versions: that is what _TRANSITIVE checks.",
  },
  M20: {
    belief: "a rename with an alias is always safe",
    truth: "Only a reader knows its aliases: the old reader of new data does not.",
  },
  M21: {
    belief: "a table keeps everything",
    truth: "A table keeps the latest value of each key, or what its program makes of them.",
  },
  M22: {
    belief: "a changelog holds every change",
    truth: "It holds at least the last change of each key; null deletes the row.",
  },
  M23: {
    belief: "it does not matter where one counts",
    truth: "Only a partition that gets all records of a key can count them: group by it first.",
  },
  M24: {
    belief: "windows begin when the program starts",
    truth: "Windows begin at multiples of their size, counted from 1970.",
  },
  M25: {
    belief: "late means that the network was slow",
    truth: "Late means that stream time had passed already: the order of arrival decides.",
  },
  M26: {
    belief: "a window closes by the clock",
    truth: "A window closes when stream time passes its end and grace: a record must come.",
  },
  M27: {
    belief: "grace and retention are the same",
    truth: "Grace says how long a window takes records, retention how long its row is kept.",
  },
  M28: {
    belief: "somebody notices when late records are dropped",
    truth: "They go without a word, unless the program gives them a way out.",
  },
  M29: {
    belief: "the opposite of >= is <=",
    truth: "The opposite of >= is <: the border belongs to one side only.",
  },
  M30: {
    belief: "a restart cures a poison record",
    truth: "The record still stands at the committed offset: the program stops there again.",
  },
  M31: {
    belief: "a dead letter is dealt with",
    truth: "It is only put aside; somebody has to read it.",
  },
  M32: {
    belief: "three replicas are a backup",
    truth: "A deletion or a bad record reaches all three.",
  },
  M33: {
    belief: "acks=all means all brokers",
    truth: "It means all replicas that are in sync at that moment, which may be one.",
  },
  M34: {
    belief: "when a leader dies, its records are gone",
    truth: "A replica in sync has them and takes over.",
  },
  M35: {
    belief: "compaction leaves one record per key at any moment",
    truth: "It runs now and then, and never in the segment that is being written.",
  },
  M36: {
    belief: "retention.ms deletes records on time",
    truth: "Whole segments are deleted, once their newest record is old enough.",
  },
  M37: {
    belief: "a join waits for the other side",
    truth: "A stream joins the row that the table has now; later rows do not bring it back.",
  },
  M38: {
    belief: "a change of the table on the right gives output",
    truth: "In a stream–table join only records of the stream do.",
  },
  M39: {
    belief: "any two topics can be joined",
    truth: "Both need the same key, the same number of partitions and the same partitioner.",
  },
  M40: {
    belief: "a stream–stream join can do without an end",
    truth: "Without a window it would have to keep every record for ever.",
  },
  M41: {
    belief: "a new operator is a harmless change",
    truth: "It renumbers the stores behind it: name them, or they begin empty.",
  },
  M42: {
    belief: "a reset replays without duplicates",
    truth: "What was written before the reset stays: readers see it twice.",
  },
  M43: {
    belief: "a standby is a second active worker",
    truth: "It only keeps a copy of the state, to take over sooner.",
  },
  M44: {
    belief: "a timer fires on time without records",
    truth: "A stream-time timer fires when a record moves stream time past it.",
  },
  M45: {
    belief: "tests may read the clock",
    truth: "A test that reads the clock fails by chance; give it the time.",
  },
  M46: {
    belief: "a share group keeps order",
    truth: "Its members work on one partition side by side: order is gone.",
  },
  M47: {
    belief: "captured changes of a database are events",
    truth: "They say which row changed, not what happened and why.",
  },
  M48: {
    belief: "lag in records tells the delay",
    truth: "The delay is the age of the next record to read.",
  },
} as const satisfies Readonly<Record<string, Misconception>>;

/** Number of a misconception, `M01` to `M48`. */
export type MisconceptionId = keyof typeof MISCONCEPTIONS;
