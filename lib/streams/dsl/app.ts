/**
 * Applications: where streams and tables begin.
 *
 * @module
 */
import type { AgentBody } from "../operators/agent.ts";
import type { AgentTable, WindowedAgentTable } from "../operators/agent_table.ts";
import { pass } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import type { KeyValueStore } from "../operators/key_value_store.ts";
import { storeGetter } from "../operators/table_getter.ts";
import { describe } from "../topology/describe.ts";
import { diagram } from "../topology/diagram.ts";
import type { ErrorRule, ErrorRules, Guarantee } from "../topology/error_rules.ts";
import type { Kafka } from "../../kafka/mod.ts";
import type { Serde } from "../../serde/mod.ts";
import type { Worker, WorkerOptions } from "../runtime/mod.ts";
import {
  type AnyTopic,
  checkOf,
  type SolidTopic,
  type Topic,
  type TopicOptions,
} from "../topology/topic.ts";
import { buildTopology, type Topology } from "../topology/topology.ts";
import {
  type AgentOptions,
  Agents,
  type AgentTableOptions,
  type WindowedAgentTableOptions,
} from "./agents.ts";
import { GraphBuilder } from "./build/graph_builder.ts";
import type { Named, Serdes, Shape } from "./build/shape.ts";
import { merged } from "./build/steps.ts";
import { tableFrom, type TableOptions } from "./build/tables.ts";
import { Cogrouped, WindowedCogrouped } from "./cogrouped.ts";
import type { Fluent } from "./fluent.ts";
import { GlobalTable } from "./global_table.ts";
import { GroupedStream } from "./grouped_stream.ts";
import { GroupedTable } from "./grouped_table.ts";
import { Stream } from "./stream.ts";
import { Table } from "./table.ts";
import { SessionWindowed, TimeWindowed } from "./windowed_stream.ts";

const FLUENT: Fluent = {
  stream: (shape) => new Stream(shape),
  table: (shape) => new Table(shape),
  groupedStream: (grouping) => new GroupedStream(grouping),
  groupedTable: (grouping) => new GroupedTable(grouping),
  windowed: (grouping, windows) =>
    windows.kind === "session"
      ? new SessionWindowed(grouping, windows)
      : new TimeWindowed(grouping, windows),
  cogrouped: (members) => new Cogrouped(members),
  windowedCogrouped: (members, windows) => new WindowedCogrouped(members, windows),
};

/** Options of {@linkcode app}. */
export interface AppOptions {
  /** What happens to records that cannot be decoded, processed or written. @default "fail" for each */
  readonly onError?: {
    readonly decode?: ErrorRule;
    readonly process?: ErrorRule;
    readonly produce?: ErrorRule;
  };
  /** Topic of dead letters. */
  readonly deadLetter?: string;
  /** Whether a crash may repeat output; for the test driver and for workers. @default "at-least-once" */
  readonly guarantee?: Guarantee;
  /** How keys are written where a step makes new ones and names no serde. @default json() */
  // deno-lint-ignore no-explicit-any
  readonly key?: Serde<any>;
  /** How values are written where a step makes new ones and names no serde. @default json() */
  // deno-lint-ignore no-explicit-any
  readonly value?: Serde<any>;
}

/** An application under construction. Nothing runs before it is given to a driver or a worker. */
export class App {
  /** @internal */
  readonly graph: GraphBuilder;
  readonly #agents: Agents;

  /** Use {@linkcode app}, which checks the id. */
  constructor(
    /** Names its group, and begins the names of its topics. */
    readonly id: string,
    /** As they were given. */
    readonly options: AppOptions = {},
  ) {
    this.graph = new GraphBuilder(id, FLUENT, options);
    this.#agents = new Agents(this.graph);
  }

  /**
   * The records of a topic that promises to hold no nulls (`nullable: false`), or of several such topics. Asking again
   * for the same topic gives the same source.
   */
  stream<K, V>(
    topic: SolidTopic<K, V> | readonly SolidTopic<K, V>[],
    options?: Named,
  ): Stream<K, V>;
  /** The records of a topic, or of several. Records without a key have the key null; tombstones have the value null. */
  stream<K, V>(
    topic: Topic<K, V> | readonly Topic<K, V>[],
    options?: Named,
  ): Stream<K | null, V | null>;
  /** The records of every topic whose name matches when the application starts. */
  stream<K, V>(
    pattern: RegExp,
    options: PatternOptions<K, V> & { readonly nullable: false },
  ): Stream<K, V>;
  /** The same, where records may have null keys and null values. */
  stream<K = unknown, V = unknown>(
    pattern: RegExp,
    options?: PatternOptions<K, V>,
  ): Stream<K | null, V | null>;
  stream<K, V>(
    source: Topic<K, V> | readonly Topic<K, V>[] | RegExp,
    options: PatternOptions<K, V> = {},
  ): Stream<K, V> {
    if (source instanceof RegExp) return new Stream(this.#pattern(source, options));
    const topics = Array.isArray(source) ? source as Topic<K, V>[] : [source as Topic<K, V>];
    const [first, ...others] = topics;
    if (first === undefined) {
      throw new TypeError("Cannot read from no topic at all (name at least one)");
    }
    const { name } = options;
    if (others.length === 0) return new Stream(this.#streamOf(first, name));
    const shapes = others.map((topic) => this.#streamOf(topic));
    return new Stream(merged([this.#streamOf(first), ...shapes], name));
  }

  /** A topic as a table: the latest value of each key. */
  table<K, V>(topic: Topic<K, V>, options?: TableOptions<K, V>): Table<K, V>;
  /** A table of that name for agents to read and write, one value per key and window. */
  table<K, V>(name: string, options: WindowedAgentTableOptions<K, V>): WindowedAgentTable<K, V>;
  /** A table of that name for agents to read and write. */
  table<K, V>(name: string, options: AgentTableOptions<K, V>): AgentTable<K, V>;
  table<K, V>(
    source: Topic<K, V> | string,
    options: TableOptions<K, V> | AgentTableOptions<K, V> | WindowedAgentTableOptions<K, V> = {},
  ): Table<K, V> | AgentTable<K, V> | WindowedAgentTable<K, V> {
    return typeof source === "string"
      ? this.#agents.table(source, options as AgentTableOptions<K, V>)
      : this.#topicTable(source, options as TableOptions<K, V>);
  }

  /**
   * Runs a loop over the records of a topic or stream, one loop per task, one record at a time, in order.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * import { app, json, string, TestDriver, topic } from "lib/streams/mod.ts";
   * const rides = topic("rides", { key: string, value: json<{ vendor: string }>(), nullable: false });
   * const counts = app("counts");
   * const trips = counts.table("trips", { key: string, default: () => 0 });
   * counts.agent(rides, async (stream) => {
   *   for await (const { vendor } of stream.groupBy("vendor", (ride) => ride.vendor, { key: string })) {
   *     trips.update(vendor, (n) => n + 1);
   *   }
   * });
   * using driver = new TestDriver(counts);
   * await driver.pipe(rides, { key: "1", value: { vendor: "a" }, timestamp: 0 });
   * assert.deepEqual(driver.table("trips"), new Map([["a", 1]]));
   * ```
   */
  agent<K, V>(
    source: SolidTopic<K, V> | Stream<K, V>,
    body: AgentBody<K, V>,
    options?: AgentOptions,
  ): void;
  /** The same on a topic that may hold null keys and null values. */
  agent<K, V>(
    source: Topic<K, V>,
    body: AgentBody<K | null, V | null>,
    options?: AgentOptions,
  ): void;
  agent<K, V>(
    source: Topic<K, V> | Stream<K, V>,
    body: AgentBody<K, V>,
    options: AgentOptions = {},
  ): void {
    const shape = source instanceof Stream ? source.shape : this.#streamOf(source);
    this.#agents.add(shape, body, options);
  }

  #topicTable<K, V>(topic: Topic<K, V>, options: TableOptions<K, V>): Table<K, V> {
    mustBeTopic(topic);
    const name = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    const generated = options.name === undefined;
    return new Table(
      tableFrom(this.#source("source", topic), "table", { ...options, name, generated }),
    );
  }

  /** A whole topic as a table in every process. */
  globalTable<K, V>(
    topic: Topic<K, V>,
    options: { readonly name?: string } = {},
  ): GlobalTable<K, V> {
    mustBeTopic(topic);
    const name = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    return this.#global(name, topic, topic);
  }

  /**
   * A whole topic in every process, kept as a function of yours makes it. Streams join it, and processors that name it
   * read it.
   *
   * See: Kafka Streams' `addGlobalStore`, KIP-813
   */
  globalStore<K, V, SK = K, SV = V>(
    name: string,
    topic: Topic<K, V>,
    update: (store: KeyValueStore<SK, SV>, record: StreamRecord<K | null, V | null>) => void,
    serdes: Serdes<SK, SV> = {},
  ): GlobalTable<SK, SV> {
    const key = this.graph.keySerde(serdes.key), value = this.graph.valueSerde(serdes.value);
    return this.#global(name, topic, { key, value }, update);
  }

  /** A store for processors of your own (see `Stream.process`); gives its name. */
  store<K, V>(name: string, serdes: Serdes<K, V> = {}): string {
    const key = this.graph.keySerde(serdes.key), value = this.graph.valueSerde(serdes.value);
    return this.graph.store({ name, layout: "plain", key, value, logged: true });
  }

  /** What has been built, as plain data. @throws {TypeError} If names clash */
  topology(options: { readonly appId?: string } = {}): Topology {
    this.#agents.finish();
    const { guarantee = "at-least-once" } = this.options;
    return buildTopology(options.appId ?? this.id, this.graph, {
      errors: this.#errors(),
      guarantee,
    });
  }

  /**
   * Runs it on Kafka: this process's share of its tasks. The Kafka client is loaded only now, so that building,
   * drawing or testing an application does not need it.
   *
   * ```ts ignore
   * await using worker = await counts.start(await connect());
   * await worker.done;
   * ```
   * @throws {KafkaError} If a source topic is missing or Kafka cannot be reached
   * @throws {RangeError} If topics that are joined differ in partitions
   */
  async start(kafka: Kafka, options: WorkerOptions = {}): Promise<Worker> {
    // Not a name that a bundler follows.
    const runtime = new URL("../runtime/mod.ts", import.meta.url).href;
    const { Worker } = await import(runtime) as typeof import("../runtime/mod.ts");
    return await Worker.start(kafka, this, options);
  }

  /** Shows the topology where the application is the last value of a notebook cell. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const topology = this.topology();
    return { "text/vnd.mermaid": diagram(topology), "text/plain": describe(topology) };
  }

  #errors(): ErrorRules {
    const { onError = {}, deadLetter } = this.options;
    return { ...onError, ...(deadLetter === undefined ? {} : { deadLetterTopic: deadLetter }) };
  }

  #streamOf<K, V>(topic: Topic<K, V>, name?: string): Shape<K, V> {
    mustBeTopic(topic);
    const known = this.graph.sourceOf(topic.name);
    return known?.operator === "stream"
      ? shapeOf(this.graph, topic, known.name)
      : this.#source("stream", topic, name);
  }

  #source<K, V>(operator: string, topic: Topic<K, V>, name?: string): Shape<K, V> {
    if (this.graph.sourceOf(topic.name)) {
      throw new TypeError(
        `Cannot read topic "${topic.name}" twice: it is a source already (use that stream or table again)`,
      );
    }
    const spec = sourceSpec(topic, operator);
    return shapeOf(this.graph, topic, this.graph.source(operator, spec, pass(), name).node);
  }

  #pattern<K, V>(pattern: RegExp, options: PatternOptions<K, V>): Shape<K, V> {
    // A pattern that remembers where it stopped would pass over every other topic.
    const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
    const topic = {
      ...options,
      name: String(stateless),
      key: this.graph.keySerde(options.key),
      value: this.graph.valueSerde(options.value),
    };
    const spec = { ...sourceSpec(topic, "stream"), pattern: stateless };
    const { node } = this.graph.source("stream", spec, pass(), options.name);
    return shapeOf(this.graph, topic, node);
  }

  #global<K, V>(
    name: string,
    topic: AnyTopic,
    { key, value }: { readonly key: Serde<K>; readonly value: Serde<V> },
    // deno-lint-ignore no-explicit-any
    updateGlobal?: (store: KeyValueStore<K, V>, record: any) => void,
  ): GlobalTable<K, V> {
    this.graph.store({ name, layout: "plain", key, value, logged: false, global: true });
    const { edge } = this.#source("globalTable", topic);
    this.graph.amend(edge.node, {
      global: true,
      stores: [name],
      ...(updateGlobal ? { updateGlobal } : {}),
    });
    return new GlobalTable<K, V>(name, key, value, storeGetter(name), this.graph);
  }
}

/** Cells are not type-checked when they run. */
function mustBeTopic(given: { readonly name: string } | undefined): void {
  if (typeof given === "object" && typeof given?.name === "string") return;
  const what = typeof given === "string" ? `"${given}" is only a name` : `${given} is no topic`;
  throw new TypeError(
    `Cannot read a topic: ${what} (describe it first: topic("rides", { key: string, value: json() }))`,
  );
}

/** Options of a stream whose topics are named by a pattern. */
export interface PatternOptions<K, V> extends TopicOptions<K, V>, Named {}

function sourceSpec<K, V>(topic: Topic<K, V>, operator: string) {
  const { name, key, value, timestamp, validate, nullable } = topic;
  return {
    ...{ topic: name, key, value, ...(timestamp ? { timestamp } : {}) },
    ...(validate ? { check: checkOf(validate) } : {}),
    ...(operator === "stream" && nullable === false ? { refusesNull: true } : {}),
  };
}

function shapeOf<K, V>(
  graph: GraphBuilder,
  { key, value }: Pick<Topic<K, V>, "key" | "value">,
  node: string,
): Shape<K, V> {
  return { graph, edge: { node }, sources: [node], key, value, keyChanged: false };
}

/**
 * Begins an application.
 *
 * @param id Begins the names of its consumer group and internal topics
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, json, string, TestDriver, topic } from "lib/streams/mod.ts";
 * const rides = topic("rides", { key: string, value: json<{ vendor: string }>(), nullable: false });
 * const counts = app("counts");
 * counts.stream(rides).groupBy("vendor", (ride) => ride.vendor, { key: string }).count("trips");
 * using driver = new TestDriver(counts);
 * driver.pipe(rides, { key: "1", value: { vendor: "a" }, timestamp: 0 });
 * assert.deepEqual(driver.table("trips"), new Map([["a", 1]]));
 * ```
 */
export function app(id: string, options: AppOptions = {}): App {
  return new App(id, options);
}
