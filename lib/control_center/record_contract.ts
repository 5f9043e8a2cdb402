/**
 * The JSON about records and tables: the part of the contract between server and page that grows with what is read.
 *
 * @module
 */

/** A key or value as a page shows it: always text, never markup. */
export interface Payload {
  readonly kind: "null" | "json" | "text" | "window" | "avro" | "protobuf" | "number" | "bytes";
  /** One line, cut; a longer part of it when one record is opened. */
  readonly text: string;
  /** Length of the record's own bytes. */
  readonly bytes: number;
  /** True when `text` is not all there is. */
  readonly cut: boolean;
  /** Present for windowed keys: the bare key as text, and its window. */
  readonly window?: WindowPlace;
  /** Present for numbers: how the bytes were taken. Nothing in them says so. */
  readonly as?: "int" | "long" | "double";
  /** Present where it was written with a schema: what the registry knows about that. */
  readonly schema?: SchemaPlace;
  /** Why it is shown as bytes although it begins with a schema's id. */
  readonly trouble?: string;
}

/** A window of a key, in epoch ms. */
export interface WindowPlace {
  readonly key: string;
  readonly start: number;
  /** Null where the bytes do not say: Kafka Streams leaves it to the size of the window. */
  readonly end: number | null;
}

/** Where a schema stands in the registry. */
export interface SchemaPlace {
  readonly id: number;
  readonly name?: string;
  readonly subject?: string;
  readonly version?: number;
}

/** How bytes are read: by guessing, or as somebody says. */
export const READ_AS = ["auto", "text", "int", "long", "double", "hex"] as const;
/** One of {@link READ_AS}. */
export type ReadAs = typeof READ_AS[number];

/** A record as a page shows it. */
export interface RecordLine {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Payload;
  readonly value: Payload;
  readonly headers: readonly { readonly name: string; readonly text: string }[];
  /** Present where transactions are shown: its producer's number. */
  readonly producer?: string;
  /** Present for what is no record but the end of that producer's transaction. */
  readonly marker?: "commit" | "abort";
  /** Where one record is opened: its bytes, cut. */
  readonly raw?: { readonly key: string; readonly value: string };
}

/** Records of a partition that were read but are not shown. */
export interface Gap {
  readonly partition: number;
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly count: number;
}

/** A transaction as far as it reaches into one partition. */
export interface TransactionView {
  /** Kafka's number of the producer. */
  readonly producer: string;
  /** Offset of its first record in what was read; null where that is older. */
  readonly first: number | null;
  readonly state: "open" | "committed" | "aborted";
}

/** A transaction that holds up read-committed readers of a partition. */
export interface OpenTransactionLine {
  readonly partition: number;
  readonly producer: string;
  /** What its producer calls itself; null where no broker says. */
  readonly transactionalId: string | null;
  readonly from: number;
  /** When it wrote last. */
  readonly lastMs: number;
}

/** What Kafka keeps of a share group's records in a partition; who has one in hand only the partition's leader knows. */
export interface ShareView {
  readonly group: string;
  readonly partition: number;
  /** Records that are not simply done with or waiting; `last` is inclusive. */
  readonly batches: readonly {
    readonly first: number;
    readonly last: number;
    readonly state: "available" | "acknowledged" | "archived";
    /** How often they were delivered. */
    readonly deliveries: number;
  }[];
}

/** A topic's partitions as lanes: the end of each log as it stands on disk, now or at an earlier time. */
export interface LogLanes {
  /** Null: now. */
  readonly atMs: number | null;
  readonly partitions: readonly LogLane[];
  /** Of the group that was asked for, idle ones too. */
  readonly members: readonly string[];
}

/** The end of a partition's log. */
export interface LogLane {
  readonly partition: number;
  /** Offset of the oldest record. */
  readonly start: number;
  /** Next offset, now or at that time. */
  readonly end: number;
  /** Where a read-committed reader waits; null where that is the end. */
  readonly stable: number | null;
  /** Of the group: what it has committed, now or at that time; null where that is nothing, or is not known. */
  readonly committed: number | null;
  /** Offset up to which a worker has read; Kafka does not know it, only our own workers tell. */
  readonly position: number | null;
  readonly owner: string | null;
  readonly boxes: readonly LogBox[];
}

/** A place in a lane. */
export type LogBox =
  | {
    readonly kind: "record";
    readonly offset: number;
    readonly timestamp: number;
    readonly key: string | null;
    readonly value: string | null;
    readonly transaction: TransactionView | null;
  }
  | {
    readonly kind: "marker";
    readonly offset: number;
    readonly timestamp: number;
    readonly transaction: TransactionView;
  }
  /** Offsets without a record: compacted away. Both inclusive. */
  | { readonly kind: "hole"; readonly from: number; readonly to: number };

/** What a page that reads a topic is sent, about five times a second while there is something. */
export interface RecordsPart {
  readonly records: readonly RecordLine[];
  readonly gaps: readonly Gap[];
  /** Where reading goes on: `next:…` of a later request. */
  readonly next: string;
  /** `held`: as many as asked for were read, more are there; `live`: everything there is was read. */
  readonly at: "behind" | "live" | "held";
  /** Records that the filter left out. */
  readonly unmatched: number;
  /** Offsets passed that hold no record for a reader: transaction markers, aborted or compacted away. */
  readonly hollow: number;
  /** Where reading could not begin as asked, in sentences. */
  readonly notes: readonly string[];
}

/** Records of one key in the topics of an application, in the order in which it passes them. */
export interface JourneyPart {
  /** Everything that was there at first was read. */
  readonly isRead: boolean;
  readonly steps: readonly {
    readonly topic: string;
    /** The newest, oldest first within a partition. */
    readonly records: readonly JourneyRecord[];
    /** Those that were read; null where all were. */
    readonly partitions: readonly number[] | null;
  }[];
}

/** A record on a key's way. */
export interface JourneyRecord {
  readonly partition: number;
  readonly offset: number;
  /** Of the record: applications pass on the time of what they have read. */
  readonly timestamp: number;
  /** When the server has read it, by its clock; null for what was there before it looked. */
  readonly seenMs: number | null;
  readonly key: Payload;
  readonly value: Payload;
}

/** What a look at the newest records of a topic found; see {@link ANALYSED}. */
export interface RecordAnalysis {
  /** Records that were looked at: committed ones. */
  readonly records: number;
  /** True where these are all that a reader of the topic gets now. */
  readonly isWhole: boolean;
  /** Places where what stands there cannot be read, such as a damaged batch: none of its records is counted. */
  readonly unreadable: number;
  readonly nullKeys: number;
  /** Tombstones. */
  readonly nullValues: number;
  /** Oldest and newest time of a record; null where there is none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Different keys; null where there are too many to count. */
  readonly keys: number | null;
  /** The most frequent keys. */
  readonly top: readonly {
    readonly key: Payload;
    readonly records: number;
    readonly bytes: number;
  }[];
  /** Sizes of keys and of values that are not null; null where there is none. */
  readonly keySizes: Sizes | null;
  readonly values: Sizes | null;
  readonly partitions: readonly {
    readonly partition: number;
    readonly records: number;
    readonly bytes: number;
  }[];
  readonly largest: readonly {
    readonly partition: number;
    readonly offset: number;
    readonly bytes: number;
  }[];
}

/** Bytes, before compression. */
export interface Sizes {
  readonly least: number;
  readonly median: number;
  readonly p95: number;
  readonly most: number;
  readonly sum: number;
}

/** How much an analysis reads at most. */
export const ANALYSED = { records: 100_000, bytes: 64_000_000, ms: 10_000 } as const;

/** A row of a table as a page shows it. */
export interface TableRow {
  readonly key: Payload;
  readonly value: Payload;
  /** Of the record that the value holds for, Unix epoch ms. */
  readonly timestamp: number;
  readonly partition: number;
}

/** What is known of a table's rows, and how much of it is shown. */
export interface TablePart {
  /** The rows that changed last, by key. */
  readonly rows: readonly TableRow[];
  /** Rows that were read and match. */
  readonly matching: number;
  /** Rows that were read. */
  readonly read: number;
  /** False where the table has, or may have, more rows than were read. */
  readonly isWhole: boolean;
}
