import type { Kafka } from "../../../kafka/mod.ts";
import { Fetcher, type LogRecord } from "../../../kafka/engine.ts";
import { appOfStatusTopic, type TopologyView } from "../../../views/mod.ts";
import type { AppLine, AppPage, GroupLine, TopicLine } from "../../contract.ts";
import { appLine, appPage } from "./app_page.ts";
import { KnownApp } from "./known_app.ts";

/** How long a look waits for topics that it sees for the first time. */
const FIRST_MS = 700;
/** Topics that are followed: any topic may end like one. */
const TOPICS = 100;

/** A status topic that is read, or could not be: then it is left alone until it is another one. */
interface Followed {
  readonly reader: Fetcher;
  /** Everything that was there at first was read, or the topic cannot be read. */
  readonly isFilled: Promise<void>;
  next: number;
  /** What `next` was at the look before this one. */
  before: number;
}

/**
 * Follows the status topics of all streams applications, while somebody looks.
 *
 * Each has a reader of its own: a topic that only ends like one, or that cannot be read, takes no other with it.
 */
export class Apps {
  readonly #known = new Map<string, KnownApp>();
  readonly #followed = new Map<string, Followed>();

  /** Brings itself up to date with the topics that there are. */
  async follow(kafka: Kafka, topics: readonly TopicLine[]): Promise<void> {
    const there = topics.filter(({ topic, end }) =>
      appOfStatusTopic(topic) !== undefined && end.length === 1
    ).slice(0, TOPICS);
    for (const [topic, followed] of this.#followed) {
      const line = there.find((one) => one.topic === topic);
      // Gone, or made again: nothing that was read of it counts. What was read since the ends were asked for is beyond
      // them, and proves nothing.
      if (!line || (line.end[0] ?? Infinity) < followed.before) await this.#forget(topic);
      else followed.before = followed.next;
    }
    const fresh = there.filter(({ topic }) => !this.#followed.has(topic));
    if (fresh.length === 0) return;
    const filled = Promise.all(fresh.map((line) => this.#open(kafka, line).isFilled));
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, FIRST_MS);
    await Promise.race([filled, late.promise]);
    clearTimeout(timer);
  }

  /** Names of those that have told how they look. */
  names(): string[] {
    return [...this.#known].filter(([, known]) => known.topology).map(([app]) => app);
  }

  /** One line each, by name. */
  lines(groups: readonly GroupLine[], nowMs: number): AppLine[] {
    return [...this.#known].filter(([, known]) => known.topology).map(([app, known]) =>
      appLine(app, known, { nowMs, group: groups.find(({ group }) => group === app) })
    ).sort((a, b) => a.app < b.app ? -1 : 1);
  }

  /** Everything about one application; undefined when it is not known. */
  page(app: string, groups: readonly GroupLine[], nowMs: number): AppPage | undefined {
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
    await Promise.all([...this.#followed.keys()].map((topic) => this.#forget(topic)));
    this.#known.clear();
  }

  async #forget(topic: string): Promise<void> {
    const { reader } = this.#followed.get(topic)!;
    this.#followed.delete(topic);
    this.#known.delete(appOfStatusTopic(topic)!);
    await reader.close().catch(() => {});
  }

  #open(kafka: Kafka, { topic, begin, end }: TopicLine): Followed {
    const filled = Promise.withResolvers<void>(), then = end[0] ?? 0;
    const isOurs = () => this.#followed.get(topic) === followed;
    const reader = new Fetcher(kafka, {
      maxWaitMs: 500,
      onRecords: ({ records }) => {
        if (isOurs()) this.#take(topic, records, then);
      },
      onAnswer: (partition) => {
        followed.next = reader.position(partition) ?? 0;
        if (followed.next >= then) filled.resolve();
      },
    });
    const from = begin[0] ?? 0;
    const followed: Followed = { reader, isFilled: filled.promise, next: from, before: from };
    this.#followed.set(topic, followed);
    // It stays in the list: asking for it again would fail again.
    reader.failed.catch(filled.resolve);
    reader.assign({ topic, partition: 0 }, from).catch(filled.resolve);
    if (then <= from) filled.resolve();
    return followed;
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
