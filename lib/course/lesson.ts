import { keepGuessesOf } from "./guesses.ts";
import { onceLeft } from "./once_left.ts";
import { installStopButton, stopSignal } from "./stop_button.ts";
import { ownName } from "../settings/mod.ts";
import { screen, shortenNames } from "../show/mod.ts";

/** What a lesson needs of Kafka; `lib/kafka`'s connection has this shape. */
export interface LessonKafka {
  /** Makes, lists and deletes topics by name. */
  readonly topics: {
    list(): Promise<readonly string[]>;
    deleteOrEmpty(topics: readonly string[]): Promise<unknown>;
    create(
      topic: string,
      options: { readonly partitions?: number; readonly config?: Readonly<Record<string, string>> },
    ): Promise<unknown>;
    delete(topics: readonly string[]): Promise<unknown>;
  };
  /** Deletes groups by name. */
  readonly groups: { delete(group: string): Promise<unknown> };
  /** Ends the connection and what was made from it. */
  close(): Promise<void>;
}

/** What a lesson needs of a schema registry; `lib/avro`'s client has this shape. */
export interface LessonRegistry {
  /** Deletes every version of a subject; it can be brought back unless `permanent`. */
  deleteSubject(subject: string, options: { readonly permanent: boolean }): Promise<unknown>;
}

/** What a lesson runs on. */
export interface LessonWorld<Kafka extends LessonKafka, Registry extends LessonRegistry> {
  /** Connects to Kafka, when the lesson first needs it. */
  readonly connect: () => Promise<Kafka>;
  /** Made at once: it talks to nobody before the first request. */
  readonly registry: Registry;
  /** Stands before every name, as others use the same Kafka. @default undefined */
  readonly learner?: string | undefined;
  /** Brokers that are not this checkout's own: without a learner's name nothing is made or deleted there. @default undefined */
  readonly foreign?: string | undefined;
}

/** How to make a topic for a lesson. */
export interface TopicOptions {
  /** At least 1. @default 2 */
  readonly partitions?: number;
  /** Topic settings in Kafka's own words, such as `retention.ms`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Take the name as it is, without the lesson's prefix: for the seed's own names. @default false */
  readonly exact?: boolean;
}

/** Something that can be ended; a lesson closes what it keeps. */
export type Closable =
  | { close(): unknown }
  | { stop(): unknown }
  | { [Symbol.asyncDispose](): PromiseLike<void> };

/** One lesson's own world: its names, its topics, groups and subjects, what it holds open. */
export class Lesson<
  Kafka extends LessonKafka = LessonKafka,
  Registry extends LessonRegistry = LessonRegistry,
> implements AsyncDisposable {
  readonly #kept = new Map<string, Closable>();
  readonly #topics = new Set<string>();
  readonly #groups = new Set<string>();
  readonly #subjects = new Set<string>();
  #toldOfNewNames = false;
  #kafka: Promise<Kafka> | undefined;

  /** Use {@linkcode openLesson}: it ends the lesson's earlier run. */
  constructor(readonly id: string, private readonly world: LessonWorld<Kafka, Registry>) {}

  /** The schema registry. */
  get registry(): Registry {
    return this.world.registry;
  }

  /** Aborted by ■ while a cell waits; ask for it again in every cell. */
  get signal(): AbortSignal {
    return stopSignal();
  }

  /** A name that lessons share, as this learner uses it: with `TAXI_LEARNER=ana`, `demo_1` becomes `ana.demo_1`. */
  own(name: string): string {
    return ownName(name, this.world.learner);
  }

  /** A topic's name in this lesson: `rides` becomes `nb04.rides`. Makes nothing. */
  topic(name: string): string {
    return this.own(`${this.id}.${name}`);
  }

  /** A group's name in this lesson. Makes nothing. */
  group(name: string): string {
    return this.topic(name);
  }

  /**
   * The lesson's connection, made at the first call and closed with the lesson.
   *
   * @throws {Error} If the Kafka is not this checkout's own, and no learner is named
   */
  async kafka(): Promise<Kafka> {
    this.#refuseForeign();
    this.#kafka ??= this.world.connect().catch((error) => {
      this.#kafka = undefined;
      throw error;
    });
    return await this.#kafka;
  }

  #refuseForeign(): void {
    const { learner, foreign } = this.world;
    if (foreign === undefined || learner !== undefined) return;
    throw new Error(
      `Cannot make topics on ${foreign}: this Kafka is not this checkout's own, and others may use ` +
        `the same names (set TAXI_LEARNER to a name of yours, such as ana)`,
    );
  }

  /**
   * Deletes the topic and makes it again, empty, so that a section run twice gives the same.
   *
   * Some clusters delete no topics; Kafka on Windows must not. There the new topic has a new name, such as
   * `nb04.rides-2`, and one with an exact name is emptied, so that its first offset is not 0.
   *
   * @returns Its full name: use it, rather than to put it together.
   */
  async freshTopic(name: string, options: TopicOptions = {}): Promise<string> {
    const { exact = false, ...rest } = options;
    const kafka = await this.kafka();
    const shared = this.own(name);
    if (exact) await kafka.topics.deleteOrEmpty([shared]);
    const topic = exact ? shared : await this.#vacant(kafka, this.topic(name));
    await kafka.topics.create(topic, rest);
    this.#topics.add(topic);
    return topic;
  }

  /** The name, free to be used again, or the next one where the cluster deletes no topics. */
  async #vacant(kafka: Kafka, topic: string): Promise<string> {
    try {
      await kafka.topics.delete([topic]);
      return topic;
    } catch (error) {
      if (!forbidsDeletion(error)) throw error;
    }
    const taken = new Set(await kafka.topics.list());
    let n = 2;
    while (taken.has(`${topic}-${n}`)) n++;
    if (!this.#toldOfNewNames) console.warn("This Kafka deletes no topics: new ones get new names");
    this.#toldOfNewNames = true;
    return `${topic}-${n}`;
  }

  /** Makes a topic that lessons share, if it is missing; keeps what is in it, and the lesson's end leaves it alone. Returns its full name. */
  async sharedTopic(name: string, options: Omit<TopicOptions, "exact"> = {}): Promise<string> {
    const kafka = await this.kafka(), topic = this.own(name);
    await kafka.topics.create(topic, options);
    return topic;
  }

  /** Forgets what a group has committed, so that it starts from the beginning. Gives its full name. */
  async freshGroup(
    name: string,
    { exact = false }: { readonly exact?: boolean } = {},
  ): Promise<string> {
    const group = exact ? this.own(name) : this.group(name), kafka = await this.kafka();
    await onceLeft(() => kafka.groups.delete(group));
    this.#groups.add(group);
    return group;
  }

  /** Deletes a subject with all its versions, so that its next schema is its first. Gives its full name. */
  async freshSubject(name: string): Promise<string> {
    this.#refuseForeign();
    const subject = this.topic(name);
    await this.#forget(subject);
    this.#subjects.add(subject);
    return subject;
  }

  async #forget(subject: string): Promise<void> {
    try {
      await this.registry.deleteSubject(subject, { permanent: true });
    } catch (error) {
      if ((error as { readonly status?: number }).status !== 404) throw error;
    }
  }

  /** Keeps a handle under a key; the one that had the key before is closed first, so a cell can run twice. */
  async keep<T extends Closable>(key: string, handle: T): Promise<T> {
    const before = this.#kept.get(key);
    if (before !== undefined && before !== handle) await end(before);
    this.#kept.delete(key);
    this.#kept.set(key, handle);
    return handle;
  }

  /** Closes what was kept, newest first, deletes the lesson's own topics, groups and subjects, and disconnects. Safe twice. */
  async close(): Promise<void> {
    const problems: string[] = [];
    const attempt = async (what: string, work: () => unknown) => {
      try {
        await work();
      } catch (error) {
        problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    const kept = [...this.#kept].reverse();
    this.#kept.clear();
    for (const [key, handle] of kept) await attempt(key, () => end(handle));
    for (const subject of this.#subjects) await attempt(subject, () => this.#forget(subject));
    const connection = this.#kafka;
    this.#kafka = undefined;
    if (connection !== undefined) {
      const kafka = await connection;
      for (const group of this.#groups) await attempt(group, () => kafka.groups.delete(group));
      if (this.#topics.size > 0) {
        await attempt("topics", () =>
          kafka.topics.delete([...this.#topics]).catch((error) => {
            if (!forbidsDeletion(error)) throw error;
          }));
      }
      await attempt("connection", () => kafka.close());
    }
    this.#subjects.clear();
    this.#groups.clear();
    this.#topics.clear();
    for (const problem of problems) console.warn(`Could not tidy up ${problem}`);
  }

  /** The same as `close()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Whether a request failed as the cluster deletes no topics (`delete.topic.enable=false`). */
function forbidsDeletion(error: unknown): boolean {
  return (error as { readonly code?: string }).code === "TOPIC_DELETION_DISABLED";
}

async function end(handle: Closable): Promise<void> {
  if ("close" in handle) await handle.close();
  else if ("stop" in handle) await handle.stop();
  else await handle[Symbol.asyncDispose]();
}

const open = new Map<string, Lesson>();

/**
 * Opens a lesson's own world; the run of the same lesson that came before in this kernel is ended first.
 *
 * @param id The notebook's short name, such as `nb04`: the prefix of its topics and groups.
 * @throws {TypeError} If the id could not stand in a topic's name.
 */
export async function startLesson<Kafka extends LessonKafka, Registry extends LessonRegistry>(
  id: string,
  world: LessonWorld<Kafka, Registry>,
): Promise<Lesson<Kafka, Registry>> {
  if (!/^[a-z][a-z0-9_-]{0,30}$/.test(id)) {
    throw new TypeError(
      `Cannot open lesson "${id}": an id is lower-case letters and digits, such as "nb04"`,
    );
  }
  if (screen().inPlace) installStopButton();
  await open.get(id)?.close();
  const lesson = new Lesson(id, world);
  keepGuessesOf(id);
  shortenNames(world.learner);
  open.set(id, lesson);
  return lesson;
}
