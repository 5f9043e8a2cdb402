/**
 * `--on-decode-error`: what a command does with a record that it cannot read.
 *
 * @module
 */
import { Option } from "commander";
import { type BadRecord, bytes, type Kafka, producer } from "../lib/kafka/mod.ts";
import { StreamsError } from "../lib/streams/mod.ts";
import { plain } from "./_plain.ts";
import { needTopic } from "./_topic.ts";

/** What `--on-decode-error` takes. */
export type DecodePolicy = "fail" | "skip" | "dead-letter";

/** The flag. */
export function onDecodeError(): Option {
  return new Option(
    "--on-decode-error <what>",
    'with a record that cannot be read: end, leave it out, or keep it in "<topic>.dead-letters"',
  ).choices(["fail", "skip", "dead-letter"]).default("fail");
}

/** Where the records of a topic go that could not be read. */
export function deadLettersOf(topic: string): string {
  return `${topic}.dead-letters`;
}

const ADVICE = "(fix its producer, or set --on-decode-error to skip or dead-letter)";

/** A worker's error with advice that its command line has. */
export function withFlag(error: unknown): unknown {
  if (!(error instanceof StreamsError)) return error;
  const advice = error.stage === "decode" ? ADVICE : "(fix the program in apps/)";
  return new Error(`${error.problem} ${advice}`, { cause: error });
}

/** The records that a consumer could not read. */
export class DecodeErrors implements AsyncDisposable {
  /** How many were left out or kept. */
  count = 0;
  readonly #kafka: Kafka;
  readonly #policy: DecodePolicy;
  readonly #say: (line: string) => void;
  #out: ReturnType<typeof producer<Uint8Array | null, Uint8Array | null>> | undefined;

  constructor(kafka: Kafka, policy: DecodePolicy, say: (line: string) => void) {
    this.#kafka = kafka;
    this.#policy = policy;
    this.#say = say;
  }

  /** For a consumer's `onDecodeError`. @throws {Error} If the policy is "fail" */
  readonly handle = async ({ record, error }: BadRecord): Promise<void> => {
    const { topic, partition, offset } = record;
    const why = error.cause instanceof Error ? error.cause.message : String(error.cause);
    const where = `${topic}-${partition}-${offset}`;
    if (this.#policy === "fail") {
      throw new Error(`Cannot read the record at ${where}: ${why} ${ADVICE}`, { cause: error });
    }
    if (this.#policy === "dead-letter") await this.#keep(record, why);
    this.count++;
    const what = this.#policy === "skip" ? "left out" : `kept in "${deadLettersOf(topic)}"`;
    // It may quote what stands in the record.
    this.#say(plain(`the record at ${where} is ${what}: ${why}`));
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#out?.close();
  }

  async #keep(record: BadRecord["record"], why: string): Promise<void> {
    const letters = deadLettersOf(record.topic), text = (value: unknown) => UTF8.encode(`${value}`);
    if (!this.#out) await needTopic(this.#kafka, letters, this.#say);
    this.#out ??= producer(this.#kafka, { key: bytes, value: bytes });
    const { topic, partition, offset, key, value, timestamp } = record;
    await this.#out.send(letters, {
      key,
      value,
      timestamp,
      headers: [
        ...record.headers,
        ["__consumer.errors.topic", text(topic)],
        ["__consumer.errors.partition", text(partition)],
        ["__consumer.errors.offset", text(offset)],
        ["__consumer.errors.message", text(why.slice(0, 2_000))],
      ],
    });
  }
}

const UTF8 = new TextEncoder();
