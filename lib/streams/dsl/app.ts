/**
 * Applications: where streams and tables begin.
 *
 * @module
 */
import { pass } from "../operators/filter.ts";
import { storeGetter } from "../operators/table_getter.ts";
import type { ErrorRule, ErrorRules } from "../topology/error_rules.ts";
import type { Topic } from "../topology/topic.ts";
import { buildTopology, type Topology } from "../topology/topology.ts";
import { GlobalTable } from "./global_table.ts";
import { GraphBuilder } from "./graph_builder.ts";
import type { Shape } from "./shape.ts";
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
  /** @default "at-least-once" */
  readonly guarantee?: "at-least-once" | "exactly-once";
}

/** An application under construction. Nothing runs before it is given to a driver or a worker. */
export class App {
  readonly graph: GraphBuilder = new GraphBuilder();

  constructor(readonly id: string, readonly options: AppOptions = {}) {}

  /** The records of a topic. Asking again for the same topic gives the same source. */
  stream<K, V>(topic: Topic<K, V>): Stream<K, V> {
    const known = this.graph.sourceOf(topic.name);
    if (known?.operator === "stream") return new Stream(shapeOf(this.graph, topic, known.name));
    return new Stream(this.#source("stream", topic));
  }

  /** A topic as a table: the latest value of each key. */
  table<K, V>(topic: Topic<K, V>, options: TableOptions<K, V> = {}): Table<K, V> {
    const name = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    return tableFrom(this.#source("source", topic), "table", { ...options, name });
  }

  /** A whole topic as a table in every process. */
  globalTable<K, V>(topic: Topic<K, V>, options: { readonly name?: string } = {}) {
    const store = options.name ?? this.graph.newName(`${topic.name}-STATE-STORE`);
    const { key, value } = topic;
    this.graph.store({ name: store, layout: "plain", key, value, logged: false, global: true });
    const { edge } = this.#source("globalTable", topic);
    this.graph.amend(edge.node, { global: true, stores: [store] });
    return new GlobalTable<K, V>(store, key, value, storeGetter(store));
  }

  /** What has been built, as plain data. @throws {TypeError} If names clash */
  topology(options: { readonly appId?: string } = {}): Topology {
    return buildTopology(options.appId ?? this.id, this.graph, this.#errors());
  }

  #errors(): ErrorRules {
    const { onError = {}, deadLetter } = this.options;
    return { ...onError, ...(deadLetter === undefined ? {} : { deadLetterTopic: deadLetter }) };
  }

  #source<K, V>(operator: string, topic: Topic<K, V>): Shape<K, V> {
    const { name, key, value, timestamp } = topic;
    if (this.graph.sourceOf(name)) {
      throw new TypeError(
        `Cannot read topic "${name}" twice: it is a source already (use that stream or table again)`,
      );
    }
    const source = { topic: name, key, value, ...(timestamp ? { timestamp } : {}) };
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
