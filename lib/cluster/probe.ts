/** One broker as another broker names it. */
export interface SeenBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** What a broker knows about its cluster. */
export interface Metadata {
  readonly clusterId: string | null;
  readonly controllerId: number;
  /** Brokers that take part at the moment, by id. */
  readonly brokers: readonly SeenBroker[];
}

const METADATA = { key: 3, version: 5 };
const FIND_COORDINATOR = { key: 10, version: 2 };
const CLIENT = "taxi-streams-probe";

/**
 * Asks a broker for its cluster's members: the smallest question only a working broker can answer.
 *
 * See: Kafka protocol guide, Metadata API version 5.
 *
 * @throws {Error} If nothing listens, or what listens is no Kafka broker, or no answer comes in time.
 */
export async function askMetadata(port: number, timeoutMs = 2_000): Promise<Metadata> {
  // An empty list of topics means none; the last byte forbids making any.
  const read = await ask(port, { ...METADATA, body: [0, 0, 0, 0, 0], timeoutMs });
  read.int32(); // Throttle time.
  const brokers = Array.from({ length: read.int32() }, () => {
    const broker = { id: read.int32(), host: read.string() ?? "", port: read.int32() };
    read.string(); // Rack.
    return broker;
  });
  return {
    clusterId: read.string(),
    controllerId: read.int32(),
    brokers: brokers.sort((a, b) => a.id - b.id),
  };
}

/**
 * Asks who coordinates a group or a transaction; the first such question makes Kafka's internal topics.
 *
 * @returns Kafka's error code: 0 when there is a coordinator, 15 while there is none yet.
 */
export async function askCoordinator(
  port: number,
  kind: "group" | "transaction",
  timeoutMs = 2_000,
): Promise<number> {
  const body = [...string("taxi-streams-probe"), kind === "group" ? 0 : 1];
  const read = await ask(port, { ...FIND_COORDINATOR, body, timeoutMs });
  read.int32(); // Throttle time.
  return read.int16();
}

interface Question {
  readonly key: number;
  readonly version: number;
  readonly body: readonly number[];
  readonly timeoutMs: number;
}

async function ask(port: number, question: Question): Promise<Reader> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const timer = setTimeout(() => connection.close(), question.timeoutMs);
  try {
    await writeAll(connection, request(question));
    const size = new Reader(await readExactly(connection, 4)).int32();
    // Another protocol's first four bytes are a large number: "HTTP" is 1,213,486,160.
    if (size < 4 || size > 1_000_000) throw new Error(`port ${port} is no Kafka broker`);
    const answer = new Reader(await readExactly(connection, size));
    if (answer.int32() !== CORRELATION) throw new Error(`port ${port} is no Kafka broker`);
    return answer;
  } finally {
    clearTimeout(timer);
    try {
      connection.close();
    } catch {
      // The timer has closed it.
    }
  }
}

const CORRELATION = 7;

/**
 * Bytes of a request: size, header version 1, body.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { request } from "./probe.ts";
 * const bytes = request({ key: 3, version: 5, body: [0] });
 * assert.deepEqual([...bytes.slice(0, 8)], [0, 0, 0, 29, 0, 3, 0, 5]);
 * ```
 */
export function request(question: Omit<Question, "timeoutMs">): Uint8Array {
  const { key, version, body } = question;
  const rest = [0, key, 0, version, 0, 0, 0, CORRELATION, ...string(CLIENT), ...body];
  const bytes = new Uint8Array(4 + rest.length);
  new DataView(bytes.buffer).setInt32(0, rest.length);
  bytes.set(rest, 4);
  return bytes;
}

/** Short texts only: the length's upper byte is 0. */
function string(text: string): number[] {
  return [0, text.length, ...new TextEncoder().encode(text)];
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function readExactly(connection: Deno.Conn, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let got = 0; got < size;) {
    const more = await connection.read(bytes.subarray(got));
    if (more === null) throw new Error("the connection was closed before the answer");
    got += more;
  }
  return bytes;
}

/** Reads Kafka's primitive types one after the other. */
class Reader {
  #at = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  int16(): number {
    return this.#view.getInt16((this.#at += 2) - 2);
  }

  int32(): number {
    return this.#view.getInt32((this.#at += 4) - 4);
  }

  string(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const start = this.#view.byteOffset + this.#at;
    this.#at += length;
    return new TextDecoder().decode(new Uint8Array(this.#view.buffer, start, length));
  }
}
