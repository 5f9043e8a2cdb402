import {
  type ConsumedRecord,
  consumer,
  type Kafka,
  type OnDecodeError,
  type Serde,
} from "../lib/kafka/mod.ts";

/** How the seed's consumer reads. */
export interface ConsumeOptions {
  readonly topic: string;
  readonly group: string;
  readonly from: "earliest" | "latest";
  /** Ends after so many records; Infinity: goes on. */
  readonly max: number;
  /** Hears what this member owns whenever that changes. */
  readonly onAssignment: (sentence: string) => void;
  /** What happens to a record that is neither JSON nor text. @default "fail" */
  readonly onDecodeError?: OnDecodeError;
  /** Ends it: commits, then leaves the group. */
  readonly signal: AbortSignal;
}

/** The seed's consumer: a member of a group that gives record after record and commits every 5 s. */
export async function* consumeValues(
  kafka: Kafka,
  options: ConsumeOptions,
): AsyncGenerator<ConsumedRecord> {
  const { topic, group, from, max, signal } = options;
  const member = await consumer(kafka, {
    group,
    topics: topic,
    from,
    key: anything,
    value: anything,
    onDecodeError: options.onDecodeError ?? "fail",
    onAssignment: ({ partitions }) => {
      void describe(kafka, { group, topic, owned: partitions.map(({ partition }) => partition) })
        .then(options.onAssignment, () => {});
    },
  });
  const leave = () => void member.close();
  signal.addEventListener("abort", leave);
  try {
    if (!signal.aborted) yield* member.records({ max });
  } finally {
    signal.removeEventListener("abort", leave);
    await member.close();
  }
}

/** `owns partitions 0 and 1`, or why it owns none. */
async function describe(
  kafka: Kafka,
  { group, topic, owned }: {
    readonly group: string;
    readonly topic: string;
    readonly owned: readonly number[];
  },
): Promise<string> {
  if (owned.length > 0) {
    return `owns partition${owned.length > 1 ? "s" : ""} ${owned.join(" and ")}`;
  }
  const { members } = await kafka.groups.describe(group);
  const { partitions } = await kafka.topics.describe(topic);
  return `idle: ${partitions.length} partitions, ${members.length} members in group "${group}"`;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A terminal shows JSON as a value, other text as text. */
const anything: Serde<unknown> = {
  encode: () => null,
  decode: (bytes) => {
    if (bytes === null) return null;
    const text = textOf(bytes);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
};

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const avro = bytes[0] === 0 ? ', it may be Avro: "deno task avro-consumer" reads that' : "";
    throw new SyntaxError(`it is neither JSON nor text${avro}`);
  }
}
