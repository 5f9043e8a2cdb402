/**
 * One of those that read topics, as a process of its own: tells what it read, what it could not, and the most memory
 * that it ever had.
 *
 * Arguments: who reads (reader, consumer, control-center, or a worker by its policy: skip, dead-letter, fail), the topic,
 * how many good records, how many bad ones, and a topic for dead letters.
 *
 * @module
 */
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { bytes, connect, consumer, readTopic, string } from "../../lib/kafka/mod.ts";
import { kafkaSettings } from "../../lib/settings/mod.ts";
import type { RecordLine } from "../../lib/control_center/record_contract.ts";
import { app, topic } from "../../lib/streams/mod.ts";
import { Worker } from "../../lib/streams/runtime/mod.ts";
import { linesOf } from "../testkit/lines.ts";

/** What a process tells of itself. */
export interface Reading {
  readonly good: readonly string[];
  /** `topic-partition-offset`, as often as it was told. */
  readonly bad: readonly string[];
  readonly peakBytes: number;
}

type Read = (input: string, told: Told, deadLetters: string) => Promise<void>;

/** Collects what is read until all is there. */
class Told {
  readonly good: string[] = [];
  readonly bad: string[] = [];
  readonly #all = Promise.withResolvers<void>();
  readonly #goodCount: number;
  readonly #badCount: number;

  constructor(goodCount: number, badCount: number) {
    this.#goodCount = goodCount;
    this.#badCount = badCount;
  }

  readonly isThere = this.#all.promise;

  add(value: string): void {
    this.good.push(value);
    this.#look();
  }

  addBad({ topic, partition, offset }: {
    readonly topic?: string | undefined;
    readonly partition?: number | undefined;
    readonly offset?: number | undefined;
  }): void {
    this.bad.push(`${topic}-${partition}-${offset}`);
    this.#look();
  }

  #look(): void {
    if (this.good.length >= this.#goodCount && this.bad.length >= this.#badCount) {
      this.#all.resolve();
    }
  }
}

/** A worker that leaves bad records out, writes them elsewhere, or ends at the first. */
function worker(policy: "skip" | "dead-letter" | "fail"): Read {
  return async (input, told, deadLetters) => {
    await using kafka = await connect();
    const copy = app(`${input}.${policy}`, {
      onError: { decode: policy },
      deadLetter: deadLetters,
    });
    copy.stream(topic(input, { key: bytes, value: string })).foreach((value) => told.add(value!));
    const running = await Worker.start(kafka, copy.topology(), {
      status: false,
      onEvent: (event) => event.kind === "refused" && told.addBad(event),
    });
    running.done.catch((error) => told.addBad(error));
    await told.isThere;
    await running.stop().catch(() => {});
  };
}

const READERS: Readonly<Record<string, Read>> = {
  reader: async (input, told) => {
    await using kafka = await connect();
    const records = readTopic(kafka, input, {
      ...{ key: bytes, value: string },
      onDecodeError: ({ error }) => told.addBad(error),
    });
    for await (const { value } of records) told.add(value!);
  },
  consumer: async (input, told) => {
    await using kafka = await connect();
    await using group = await consumer(kafka, {
      ...{
        group: `${input}.readers`,
        topics: [input],
        key: bytes,
        value: string,
        from: "earliest",
      },
      onDecodeError: ({ error }) => told.addBad(error),
    });
    void (async () => {
      for await (const { value } of group.records()) told.add(value!);
    })().catch(() => {});
    await told.isThere;
  },
  skip: worker("skip"),
  "dead-letter": worker("dead-letter"),
  fail: worker("fail"),
  "control-center": async (input, told) => {
    await using center = await startControlCenter({
      ...{
        port: 0,
        kafka: kafkaSettings(),
        registry: schemaRegistry({ url: "http://localhost:1" }),
      },
    });
    const { body } = await fetch(`${center.url}/api/topics/${input}/records?from=begin`);
    void (async () => {
      for await (const line of linesOf(body!)) {
        const { records = [] } = line.startsWith("data: ") ? JSON.parse(line.slice(6)) : {};
        for (const { partition, offset, value } of records as readonly RecordLine[]) {
          if (value.trouble) told.addBad({ topic: input, partition, offset });
          else told.add(value.text);
        }
      }
    })();
    await told.isThere;
  },
};

if (import.meta.main) {
  const [who, input, good, bad, deadLetters] = Deno.args;
  const told = new Told(Number(good), Number(bad));
  await READERS[who!]!(input!, told, deadLetters!);
  const status = Deno.build.os === "linux" ? await Deno.readTextFile("/proc/self/status") : "";
  const peak = status.match(/VmHWM:\s+(\d+) kB/)?.[1];
  const peakBytes = peak ? Number(peak) * 1024 : Deno.memoryUsage().rss;
  console.log(JSON.stringify({ good: told.good, bad: told.bad, peakBytes } satisfies Reading));
  Deno.exit();
}
