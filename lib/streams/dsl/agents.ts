/**
 * Agents and their tables, in the graph.
 *
 * @module
 */
import { agent, type AgentBody } from "../operators/agent.ts";
import { probeAgent } from "../operators/agent_probe.ts";
import { AgentTable, WindowedAgentTable } from "../operators/agent_table.ts";
import { neededMs, type TimeWindows } from "../operators/windows.ts";
import type { Serde } from "../../serde/mod.ts";
import type { WindowKeyFormat } from "../topology/store_spec.ts";
import type { GraphBuilder } from "./build/graph_builder.ts";
import { Grouping } from "./build/aggregate.ts";
import type { Shape } from "./build/shape.ts";
import type { Stream } from "./stream.ts";

const DAY_MS = 86_400_000;

/** A table for agents. */
export interface AgentTableOptions<K, V> {
  /** The value of a key that has none. */
  readonly default: () => V;
  /** How keys are written. @default json() */
  readonly key?: Serde<K>;
  /** How values are written. @default json() */
  readonly value?: Serde<V>;
}

/** A table for agents, one value per key and window. */
export interface WindowedAgentTableOptions<K, V> extends AgentTableOptions<K, V> {
  /** Each event counts in every window that holds its time. */
  readonly windows: TimeWindows;
  /** How long windows stay, in stream time. @default as long as they can change, and at least a day */
  readonly retentionMs?: number;
  /** How windowed keys are written in the changelog. @default "json" */
  readonly windowKey?: WindowKeyFormat;
}

/** Options of an agent. */
export interface AgentOptions {
  /** Name of its node. */
  readonly name?: string;
  /** The tables it uses; its task holds them. @default all tables of the application */
  readonly tables?: readonly { readonly name: string }[];
}

interface Planned {
  // deno-lint-ignore no-explicit-any
  readonly shape: Shape<any, any>;
  // deno-lint-ignore no-explicit-any
  readonly body: AgentBody<any, any>;
  readonly options: AgentOptions;
}

/** The agents of one application. */
export class Agents {
  readonly #tables: string[] = [];
  #planned: Planned[] = [];

  constructor(readonly graph: GraphBuilder) {}

  /** Adds a named table. */
  table<K, V>(
    name: string,
    options: AgentTableOptions<K, V> | WindowedAgentTableOptions<K, V>,
  ): AgentTable<K, V> | WindowedAgentTable<K, V> {
    const key = this.graph.keySerde(options.key), value = this.graph.valueSerde(options.value);
    this.#tables.push(name);
    if (!("windows" in options)) {
      this.graph.store({ name, layout: "plain", key, value, logged: true });
      return new AgentTable(name, options.default);
    }
    const { windows, windowKey = "json" } = options;
    const retentionMs = options.retentionMs ?? Math.max(neededMs(windows), DAY_MS);
    const { sizeMs, graceMs } = windows, layout = "window";
    const times = { sizeMs, graceMs, retentionMs };
    this.graph.store({ name, layout, key, value, logged: true, ...times, windowKey });
    return new WindowedAgentTable(name, options.default, windows);
  }

  /** Adds an agent; its nodes come with `finish()`, when all tables are known. */
  add<K, V>(shape: Shape<K, V>, body: AgentBody<K, V>, options: AgentOptions): void {
    this.#planned.push({ shape, body, options });
  }

  /** Puts the agents into the graph. */
  finish(): void {
    const planned = this.#planned;
    this.#planned = [];
    for (const { shape, body, options } of planned) {
      const groups = probeAgent(body);
      const { fluent } = this.graph;
      let stream: Stream<unknown, unknown> = fluent.stream(shape);
      for (const { name, mapper, key } of groups) {
        const { grouping } = stream.groupBy(name, mapper, key ? { key } : {});
        stream = fluent.stream<unknown, unknown>(
          (grouping as Grouping<unknown, unknown>).moved(name),
        );
      }
      const tables = options.tables?.map((table) => table.name) ?? this.#tables;
      this.graph.operator({
        name: options.name,
        prefix: "AGENT",
        operator: "agent",
        parents: [stream.shape.edge],
        stores: tables,
        create: agent(body, groups.length),
      });
    }
  }
}
