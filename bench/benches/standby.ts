/** How soon the tasks of a worker that was killed are processed by another one, with and without standbys. */
import { fileURLToPath } from "node:url";
import { sleep } from "../../lib/async/mod.ts";
import { Fetcher } from "../../lib/kafka/engine.ts";
import { bytes, type Kafka, partitionForKey, producer } from "../../lib/kafka/mod.ts";
import type { Bench, BenchOptions } from "../bench.ts";
import { type Figure, figure } from "../comparison.ts";
import type { Ground } from "../ground.ts";
import { textKeys, writeKeys } from "../load/write_keys.ts";
import { type Started, startProgram } from "../probe/start.ts";

const KEYS = 1_000_000, PARTITIONS = 2;
const LIMIT_MS = 300_000;
const WORKER = fileURLToPath(new URL("./standby_worker.ts", import.meta.url));
const utf8 = new TextEncoder();

/** What a worker says of itself. */
interface Has {
  readonly tasks: readonly string[];
  readonly copies: readonly string[];
}

/** How the workers of a takeover run. */
interface Workers {
  readonly standbys: number;
  readonly sessionTimeoutMs: number;
}

/** How long a task was without results. */
interface Takeover {
  readonly fromKillMs: number;
  readonly fromNoticeMs: number;
}

/** A worker's default, and the least that the course's own broker allows (`group.min.session.timeout.ms`). */
const SESSIONS_MS = [6_000, 1_000];

/**
 * Two workers count 1,000,000 keys exactly once; one is killed while records come for all partitions.
 *
 * Time runs to the first committed result of its task: a record of that partition of the changelog, read read-committed
 * by the bench itself. It runs from the kill, and from the moment the broker has noticed: the group, asked every few
 * milliseconds, is not `Stable` any more, which is when the dead member's session is over.
 */
export const standby: Bench = {
  name: "standby",
  about: "kills one of two workers with 1,000,000 keys: from the kill, and from the group's " +
    "noticing, to the first committed result of its task, with a standby and without",
  run: measure,
};

async function* measure({ ground, rounds }: BenchOptions): AsyncGenerator<Figure> {
  const place = await ground();
  const each = SESSIONS_MS.flatMap((sessionTimeoutMs) =>
    [1, 0].map((standbys) => ({ standbys, sessionTimeoutMs, took: [] as Takeover[] }))
  );
  for (let round = 0; round < rounds; round++) {
    for (const one of each) one.took.push(await takeover(place, one));
  }
  for (const { standbys, sessionTimeoutMs, took } of each) {
    const how = `standbys: ${standbys}, session ${sessionTimeoutMs} ms, exact`;
    yield figure(
      { bench: "standby", what: `from the kill, ${how}` },
      took.map(({ fromKillMs }) => fromKillMs),
    );
    yield figure(
      { bench: "standby", what: `from the group's noticing, ${how}` },
      took.map(({ fromNoticeMs }) => fromNoticeMs),
    );
  }
}

/** Kills a worker and measures. @throws {Error} If a single count is wrong */
async function takeover(
  { kafka, brokers, drop }: Ground,
  { standbys, sessionTimeoutMs }: Workers,
): Promise<Takeover> {
  const id = `standby-${crypto.randomUUID().slice(0, 8)}`, source = `${id}.source`;
  const changelog = `${id}-counts-changelog`;
  const program = {
    command: Deno.execPath(),
    args: [
      ...["run", "-A", "--no-check", "--quiet", WORKER],
      ...[id, source, `${standbys}`, `${sessionTimeoutMs}`],
    ],
  };
  try {
    await kafka.topics.create(source, { partitions: PARTITIONS });
    await writeKeys(kafka, source, {
      records: KEYS,
      keyOf: textKeys(KEYS),
      value: utf8.encode("x"),
    });
    await using first = startProgram(program, brokers);
    await using second = startProgram(program, brokers);
    const has = [listen(first), listen(second)];
    const ready = () =>
      has.every((one) => one.last.tasks.length === 1 && one.last.copies.length === standbys);
    await until("both workers have their tasks", async () => ready() && await isDrained(kafka, id));
    await using trickle = startTrickle(kafka, source);
    await until("records come", () => Promise.resolve(trickle.written > 100));
    await until("copies are complete", () => Promise.resolve(ready()));
    const partition = Number(has[0]!.last.tasks[0]!.split("_")[1]);
    const killedMs = performance.now();
    Deno.kill(first.pid, "SIGKILL");
    await until(
      "the group has noticed",
      async () => (await kafka.groups.describe(id)).state !== "Stable",
      5,
    );
    const noticedMs = performance.now();
    await nextRecord(kafka, changelog, partition);
    const seenMs = performance.now();
    await trickle.end();
    await until("all is counted", () => isDrained(kafka, id));
    await mustBeExact(kafka, changelog, trickle.counts);
    return {
      fromKillMs: Math.round(seenMs - killedMs),
      fromNoticeMs: Math.round(seenMs - noticedMs),
    };
  } finally {
    await drop(id);
  }
}

/** Keeps the newest thing that a worker has said. */
function listen(program: Started): { last: Has } {
  const heard: { last: Has } = { last: { tasks: [], copies: [] } };
  void (async () => {
    for (;;) heard.last = JSON.parse((await program.line()).text);
  })().catch(() => {});
  return heard;
}

/** Writes a record for each partition every few milliseconds, of keys that are there. */
function startTrickle(kafka: Kafka, topic: string) {
  const counts = new Map<string, number>(), over = new AbortController();
  const ofPartition = Array.from({ length: PARTITIONS }, () => [] as string[]);
  for (let i = 0; i < 1_000; i++) {
    const key = `key-${i}`;
    ofPartition[partitionForKey(utf8.encode(key), PARTITIONS)]!.push(key);
  }
  const trickle = { written: 0, counts };
  const out = producer(kafka, { key: bytes, value: bytes });
  const work = (async () => {
    for (let i = 0; !over.signal.aborted; i++) {
      const keys = ofPartition.map((all) => all[i % all.length]!);
      await out.send(
        topic,
        keys.map((key) => ({ key: utf8.encode(key), value: utf8.encode("x") })),
      );
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      trickle.written += keys.length;
      await sleep(10, over.signal);
    }
  })();
  const end = async () => {
    over.abort();
    await work;
    await out.close();
  };
  return Object.assign(trickle, { end, [Symbol.asyncDispose]: end });
}

/** Resolves when a record is committed behind what is there now: what a dead worker has written is there. */
async function nextRecord(kafka: Kafka, topic: string, partition: number): Promise<void> {
  const end = (await kafka.topics.endOffsets(topic))[partition]!;
  const found = Promise.withResolvers<void>();
  const fetcher = new Fetcher(kafka, { onRecords: () => found.resolve() });
  try {
    await fetcher.assign({ topic, partition }, end);
    await Promise.race([found.promise, fetcher.failed]);
  } finally {
    await fetcher.close();
  }
}

async function isDrained(kafka: Kafka, group: string): Promise<boolean> {
  const lag = await kafka.groups.lag(group).catch(() => []);
  return lag.length === PARTITIONS && lag.every(({ lag }) => lag === 0);
}

/** @throws {Error} If a key's count is not how often it was written */
async function mustBeExact(
  kafka: Kafka,
  topic: string,
  more: ReadonlyMap<string, number>,
): Promise<void> {
  const counts = new Map<string, number>(), text = new TextDecoder();
  const ends = await kafka.topics.endOffsets(topic), done = Promise.withResolvers<void>();
  const fetcher = new Fetcher(kafka, {
    partitionBytes: 4 << 20,
    onRecords: ({ records }) => {
      for (const { key, value } of records) {
        const view = new DataView(value!.buffer, value!.byteOffset, 8);
        counts.set(text.decode(key!), Number(view.getBigInt64(0)));
      }
    },
    onAnswer: () => {
      const all = ends.every((end, partition) => fetcher.position({ topic, partition })! >= end);
      if (all) done.resolve();
    },
  });
  try {
    for (const partition of ends.keys()) await fetcher.assign({ topic, partition }, 0);
    await Promise.race([done.promise, fetcher.failed]);
  } finally {
    await fetcher.close();
  }
  let wrong = Math.abs(KEYS - counts.size);
  for (const [key, count] of counts) if (count !== 1 + (more.get(key) ?? 0)) wrong++;
  if (wrong > 0) throw new Error(`Cannot call it exact: ${wrong} of ${KEYS} keys are wrong`);
}

async function until(
  what: string,
  holds: () => Promise<boolean>,
  everyMs = 100,
): Promise<void> {
  for (const limitMs = performance.now() + LIMIT_MS; !await holds();) {
    if (performance.now() > limitMs) {
      throw new Error(`Cannot measure: waited in vain until ${what}`);
    }
    await sleep(everyMs);
  }
}
