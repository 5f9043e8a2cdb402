import { Fetcher, type LogRecord } from "../../../kafka/engine.ts";
import { type Kafka } from "../../../kafka/mod.ts";
import { appOfStatusTopic, type TopologyView } from "../../../views/mod.ts";
import { type AppLine, appLine, appPage } from "./app_page.ts";
import { KnownApp } from "./known_app.ts";
import type { GroupLine, TopicLine } from "../cluster/snapshot.ts";

/** How long a look waits for topics that it sees for the first time. */
const FIRST_MS = 700;

/**
 * Follows the status topics of all streams applications, while somebody looks.
 *
 * One reader for all of them; it is made anew when a topic comes or goes, and goes on where it was.
 */
export class Apps {
  readonly #known = new Map<string, KnownApp>();
  /** Topic -> next offset. */
  readonly #positions = new Map<string, number>();
  #reader: Fetcher | undefined;
  #followed = "";

  /** Brings itself up to date with the topics that there are. */
  async follow(kafka: Kafka, topics: readonly TopicLine[]): Promise<void> {
    const there = topics.filter(({ topic }) => appOfStatusTopic(topic) !== undefined);
    for (const topic of [...this.#positions.keys()]) {
      const line = there.find((one) => one.topic === topic);
      // Gone, or made anew: nothing that was read of it counts.
      if (!line || (line.end[0] ?? Infinity) < this.#positions.get(topic)!) this.#forget(topic);
    }
    const names = there.map(({ topic }) => topic).sort().join(" ");
    if (names !== this.#followed || (names && !this.#reader)) await this.#open(kafka, there);
    this.#followed = names;
  }

  /** One line each, by name. */
  lines(groups: readonly GroupLine[], nowMs: number): AppLine[] {
    return [...this.#known].filter(([, known]) => known.topology).map(([app, known]) =>
      appLine(app, known, { nowMs, group: groups.find(({ group }) => group === app) })
    ).sort((a, b) => a.app < b.app ? -1 : 1);
  }

  /** Everything about one application; undefined when it is not known. */
  page(app: string, groups: readonly GroupLine[], nowMs: number) {
    const known = this.#known.get(app);
    const group = groups.find((one) => one.group === app);
    return known?.topology && appPage(app, known, { nowMs, group });
  }

  /** How an application looks; undefined when it is not known. */
  topology(app: string): TopologyView | undefined {
    return this.#known.get(app)?.topology;
  }

  /** Stops reading and forgets. */
  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#followed = "";
    this.#known.clear();
    this.#positions.clear();
    await reader?.close().catch(() => {});
  }

  #forget(topic: string): void {
    this.#known.delete(appOfStatusTopic(topic)!);
    this.#positions.delete(topic);
    this.#followed = "";
  }

  async #open(kafka: Kafka, there: readonly TopicLine[]): Promise<void> {
    const old = this.#reader;
    const ends = new Map(there.map(({ topic, end }) => [topic, end[0] ?? 0]));
    const missing = new Set(
      there.flatMap(({ topic, end }) =>
        (this.#positions.get(topic) ?? 0) < (end[0] ?? 0) ? [topic] : []
      ),
    );
    const filled = Promise.withResolvers<void>();
    const reader = this.#reader = new Fetcher(kafka, {
      maxWaitMs: 500,
      onRecords: ({ topic, records }) => {
        if (this.#reader === reader) this.#take(topic, records, ends.get(topic) ?? 0);
      },
      onAnswer: ({ topic, partition }) => {
        if (this.#reader !== reader) return;
        const position = reader.position({ topic, partition });
        if (position !== undefined) this.#positions.set(topic, position);
        if ((position ?? 0) >= (ends.get(topic) ?? 0)) missing.delete(topic);
        if (missing.size === 0) filled.resolve();
      },
    });
    reader.failed.catch(() => {
      if (this.#reader === reader) this.#reader = undefined;
    });
    await old?.close().catch(() => {});
    for (const { topic, begin } of there) {
      const from = this.#positions.get(topic) ?? begin[0] ?? 0;
      reader.assign({ topic, partition: 0 }, from).catch(() => {});
    }
    if (missing.size === 0) return;
    const timer = setTimeout(filled.resolve, FIRST_MS);
    await filled.promise;
    clearTimeout(timer);
  }

  /** Records below `then` were there before anybody looked. */
  #take(topic: string, records: readonly LogRecord[], then: number): void {
    const app = appOfStatusTopic(topic)!, nowMs = Date.now();
    const known = this.#known.get(app) ?? new KnownApp();
    this.#known.set(app, known);
    for (const { key, value, offset } of records) {
      if (key === null) continue;
      known.add(new TextDecoder().decode(key), value, { nowMs, isNow: offset >= then });
    }
  }
}
