/**
 * JupyterLab on a row's cluster, and notebooks with the cells that a learner runs: a consumer, and a worker.
 *
 * @module
 */
import { producer } from "../../lib/kafka/mod.ts";
import { type Lab, labPlaces, startLab } from "../../lib/lab/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import { freePorts } from "../free_ports.ts";
import type { Cluster } from "./clusters.ts";
import { NotebookPage } from "./notebook_page.ts";

/** How the consuming cell is run. */
export interface ReadOptions {
  readonly group: string;
  /** Whether the group begins anew, as most cells of the course want it. @default true */
  readonly fresh?: boolean;
  /** @default the consumer's own */
  readonly name?: string;
  /** @default the consumer's own */
  readonly sessionTimeoutMs?: number;
}

/** One lab, and one topic with plenty of records. */
export class Desk implements AsyncDisposable {
  readonly topic: string;
  #opened = 0;

  private constructor(readonly lab: Lab, readonly run: string, readonly end: () => Promise<void>) {
    this.topic = `${run}.in`;
  }

  /** @param partitions As many readers can share them. */
  static async open({ kafka, env }: Cluster, partitions: number): Promise<Desk> {
    await using stack = new AsyncDisposableStack();
    const state = await Deno.makeTempDir({ prefix: "taxi-lab-" });
    stack.defer(() => Deno.remove(state, { recursive: true }));
    const run = `desk.${crypto.randomUUID().slice(0, 8)}`, topics = [`${run}.in`, `${run}.out`];
    for (const topic of topics) await kafka.topics.create(topic, { partitions });
    stack.defer(async () => void await kafka.topics.delete(topics));
    await using out = producer(kafka);
    const records = Array.from({ length: 2_000 }, (_, i) => ({ key: `k${i}`, value: `${i}` }));
    await out.send(topics[0]!, records);
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = env as Record<string, string>;
    const lab = await startLab({
      port: freePorts(1),
      places: labPlaces({ ...folders(), state }),
      env: {
        KAFKA_BROKERS: KAFKA_BROKERS!,
        SCHEMA_REGISTRY_URL: SCHEMA_REGISTRY_URL!,
        // It is this desk's own: lessons may use their names as they are.
        TAXI_KAFKA_PORT: KAFKA_BROKERS!.match(/:(\d+)/)![1]!,
      },
    });
    stack.defer(() => lab.stop());
    const all = stack.move();
    return new Desk(lab, run, () => all.disposeAsync());
  }

  /** A name of this run. */
  name(what: string): string {
    return `${this.run}.${what}`;
  }

  /** Opens a notebook and runs its first cell. */
  async notebook(): Promise<NotebookPage> {
    const page = await NotebookPage.open(this.lab, `notebooks/chaos_${++this.#opened}.ipynb`);
    await page.run(SETUP);
    return page;
  }

  /** The cell that makes a consumer, which goes on living, and takes a record. */
  reading({ group, fresh = true, ...options }: ReadOptions): string {
    const choices = JSON.stringify({ group, topics: this.topic, ...options });
    return `${fresh ? `await lesson.freshGroup("${group}", { exact: true });` : ""}
const reader = await lesson.keep("${options.name ?? "reader"}", await consumer(kafka, ${choices}));
console.log("took", (await reader.take(1, { timeoutMs: 60_000 })).length);`;
  }

  /** The cell that takes one more. */
  readonly takeOne = `console.log("took", (await reader.take(1, { timeoutMs: 30_000 })).length);`;

  /** The cell that starts a worker, which goes on living. */
  counting(id: string): string {
    const text = "{ key: string, value: string }";
    return `
const trips = app("${id}");
trips.stream(topic("${this.topic}", ${text})).groupByKey().count("by-key")
  .toStream().mapValues((count) => String(count)).to(topic("${this.name("out")}", ${text}));
await freshApp(lesson, trips);
const worker = await startWorker(lesson, trips);`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

/** The first cell. */
export const SETUP = `
import { freshApp, openLesson, startWorker } from "lib/course/mod.ts";
import { consumer } from "lib/kafka/mod.ts";
import { app, string, topic } from "lib/streams/mod.ts";
const lesson = await openLesson("chaos");
const kafka = await lesson.kafka();`;
