/**
 * Applications: where streams and tables begin.
 *
 * @module
 */
import type { AgentBody } from "../operators/agent.ts";
import type { AgentTable, WindowedAgentTable } from "../operators/agent_table.ts";
import { pass } from "../operators/filter.ts";
import { storeGetter } from "../operators/table_getter.ts";
import type { ErrorRule, ErrorRules } from "../topology/error_rules.ts";
import { describe } from "../topology/describe.ts";
import { diagram } from "../topology/diagram.ts";
import { checkOf, type Topic } from "../topology/topic.ts";
import { buildTopology, type Topology } from "../topology/topology.ts";
import {
  type AgentOptions,
  Agents,
  type AgentTableOptions,
  type WindowedAgentTableOptions,
} from "./agents.ts";
import { GlobalTable } from "./global_table.ts";
import { GraphBuilder } from "./graph_builder.ts";
import { orJson, type Serdes, type Shape } from "./shape.ts";
import { Stream } from "./stream.ts";
import { tableFrom, type TableOptions } from "./table_from.ts";
import type { Table } from "./table.ts";

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
  /** Whether a crash may repeat output. @default "at-least-once" */
  readonly guarantee?: "at-least-once" | "exactly-once";
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
    this.graph = new GraphBuilder(id);
    this.#agents = new Agents(this.graph);
  }

  /** The records of a topic. Asking again for the same topic gives the same source. */
  stream<K, V>(topic: Topic<K, V>): Stream<K, V> {
    const known = this.graph.sourceOf(topic.name);
    if (known?.operator === "stream") return new Stream(shapeOf(this.graph, topic, known.name));
    return new Stream(this.#source("stream", topic));
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
   * const rides = topic("rides", { key: string, value: json<{ vendor: string }>() });
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
    source: Topic<K, V> | Stream<K, V>,
    body: AgentBody<K, V>,
    options: AgentOptions = {},
  ): void {
    const { shape } = source instanceof Stream ? source : this.stream(source);
    this.#agents.add(shape, body, options);
  }

  #topicTable<K, V>(topic: Topic<K, V>, options: TableOptions<K, V>): Table<K, V> {
    const name = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    const generated = options.name === undefined;
    return tableFrom(this.#source("source", topic), "table", { ...options, name, generated });
  }

  /** A whole topic as a table in every process. */
  globalTable<K, V>(
    topic: Topic<K, V>,
    options: { readonly name?: string } = {},
  ): GlobalTable<K, V> {
    const store = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    const { key, value } = topic;
    this.graph.store({ name: store, layout: "plain", key, value, logged: false, global: true });
    const { edge } = this.#source("globalTable", topic);
    this.graph.amend(edge.node, { global: true, stores: [store] });
    return new GlobalTable<K, V>(store, key, value, storeGetter(store));
  }

  /** A store for processors of your own (see `Stream.process`); gives its name. */
  store<K, V>(name: string, serdes: Serdes<K, V> = {}): string {
    const key = orJson(serdes.key), value = orJson(serdes.value);
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

  /** Shows the topology where the application is the last value of a notebook cell. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const topology = this.topology();
    return { "text/vnd.mermaid": diagram(topology), "text/plain": describe(topology) };
  }

  #errors(): ErrorRules {
    const { onError = {}, deadLetter } = this.options;
    return { ...onError, ...(deadLetter === undefined ? {} : { deadLetterTopic: deadLetter }) };
  }

  #source<K, V>(operator: string, topic: Topic<K, V>): Shape<K, V> {
    const { name, key, value, timestamp, validate } = topic;
    if (this.graph.sourceOf(name)) {
      throw new TypeError(
        `Cannot read topic "${name}" twice: it is a source already (use that stream or table again)`,
      );
    }
    const source = {
      topic: name,
      key,
      value,
      ...(timestamp ? { timestamp } : {}),
      ...(validate ? { check: checkOf(validate) } : {}),
      ...(operator === "stream" && topic.nullable === false ? { refusesNull: true } : {}),
    };
    const { node } = this.graph.source(operator, source, pass());
    return shapeOf(this.graph, topic, node);
  }
}

function shapeOf<K, V>(graph: GraphBuilder, topic: Topic<K, V>, node: string): Shape<K, V> {
  const { key, value } = topic;
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
 * const rides = topic("rides", { key: string, value: json<{ vendor: string }>() });
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
