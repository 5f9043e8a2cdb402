import assert from "node:assert/strict";
import { producer } from "../lib/kafka/mod.ts";
import { until, withBrokers } from "./own_brokers.ts";

const TOPIC = "demo_1", GROUP = "consumer.group.id.demo.2";

/** One `deno task consumer` in a terminal of its own. */
class Terminal {
  readonly seen: number[] = [];
  readonly errors: string[] = [];
  total: number | undefined;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;

  constructor(brokers: readonly string[]) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tasks/consumer.ts", "--json", "--topic", TOPIC, "--group", GROUP],
      env: { KAFKA_BROKERS: brokers.join(","), NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reading = Promise.all([this.#records(), this.#stderr()]);
  }

  /** The member's name, as the consumer chooses it. */
  get member(): string {
    return `consumer-${this.#process.pid}`;
  }

  /** Sends a signal and waits for the end; gives the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended already.
    }
    const { code } = await this.#process.status;
    await this.#reading;
    return code;
  }

  async #records(): Promise<void> {
    for await (const line of lines(this.#process.stdout)) {
      const read = JSON.parse(line);
      if (read.total) this.total = read.total.records;
      else this.seen.push(read.value.number);
    }
  }

  async #stderr(): Promise<void> {
    for await (const line of lines(this.#process.stderr)) this.errors.push(line);
  }
}

Deno.test("three consumers in a group: two share the partitions, the third takes over from a killed one", () =>
  withBrokers(1, async ({ kafka, brokers }) => {
    await kafka.topics.create(TOPIC, { partitions: 2 });
    await using out = producer(kafka);
    let written = 0;
    const write = async (count: number) => {
      await out.send(
        TOPIC,
        Array.from({ length: count }, () => ({ value: { number: written++ } })),
      );
    };
    await write(200);
    const terminals = [new Terminal(brokers), new Terminal(brokers), new Terminal(brokers)];
    try {
      const { members } = await kafka.groups.settled(GROUP, { members: 3, timeoutMs: 60_000 });
      assert.deepEqual(members.map(({ partitions }) => partitions.length).sort(), [0, 1, 1]);
      const idle = members.find(({ partitions }) => partitions.length === 0)!;
      const waiting = terminals.find(({ member }) => member === idle.member)!;
      await until("the idle one to say so", () =>
        Promise.resolve(
          waiting.errors.find((line) =>
            line === `idle: 2 partitions, 3 members in group "${GROUP}"`
          ),
        ));

      const victim = terminals.find(({ member }) => member !== idle.member)!;
      await write(200);
      await victim.end("SIGKILL");
      await write(200);
      const after = await kafka.groups.settled(GROUP, { members: 2, timeoutMs: 60_000 });
      assert.deepEqual(after.members.map(({ partitions }) => partitions.length), [1, 1]);
      await write(200);

      const all = Array.from({ length: written }, (_, i) => i);
      const seen = () => new Set(terminals.flatMap((one) => one.seen));
      await until(
        "every number to be read",
        () => Promise.resolve(seen().size === written ? true : undefined),
      );
      assert.deepEqual([...seen()].sort((a, b) => a - b), all, "nothing is skipped");

      const survivors = terminals.filter((one) => one !== victim);
      const codes = await Promise.all(survivors.map((one) => one.end("SIGINT")));
      assert.deepEqual(codes, [130, 130]);
      for (const one of survivors) assert.equal(one.total, one.seen.length);
      assert.equal((await kafka.groups.describe(GROUP)).state, "Empty", "they left at once");
      const lag = await kafka.groups.lag(GROUP, TOPIC);
      assert.deepEqual(lag.map((one) => one.lag), [0, 0], "and committed first");
    } finally {
      await Promise.all(terminals.map((one) => one.end("SIGKILL")));
    }
  }));

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}
