/**
 * A topology as plain data: nodes, the sub-topologies they fall into, stores and topics.
 *
 * @module
 */
import type { ErrorRules, Guarantee } from "./error_rules.ts";
import type { TopologyNode } from "./node.ts";
import type { StoreSpec } from "./store_spec.ts";
import { splitIntoSubTopologies, type SubTopology } from "./sub_topologies.ts";

/** Sources whose records must meet in one task, so that their topics need equal partition counts. */
export interface CopartitionGroup {
  /** The node that brings them together. */
  readonly node: string;
  /** Names of source nodes. */
  readonly sources: readonly string[];
}

/** A topic that fills a global table. */
export interface GlobalSource {
  /** Read whole. */
  readonly topic: string;
  /** The node that fills the table. */
  readonly node: string;
  /** The table. */
  readonly store: string;
}

/** Everything a runtime needs to know. */
export interface Topology {
  /** Begins the names of every topic and group that the application owns. */
  readonly appId: string;
  /** Sources, operators and sinks of every sub-topology. */
  readonly nodes: readonly TopologyNode[];
  /** Every store, whichever sub-topology it belongs to. */
  readonly stores: readonly StoreSpec[];
  /** Parts that only topics connect; a task runs one of them. */
  readonly subTopologies: readonly SubTopology[];
  /** Topics that every process reads whole. */
  readonly globals: readonly GlobalSource[];
  /** Topics that must have equally many partitions, as they are joined. */
  readonly copartitioned: readonly CopartitionGroup[];
  /** What happens to records that fail. */
  readonly errors: ErrorRules;
  /** The guarantee that a worker runs it with. */
  readonly guarantee: Guarantee;
}

/** What the DSL has collected. */
export interface Graph {
  readonly nodes: readonly TopologyNode[];
  readonly stores: readonly StoreSpec[];
  readonly copartitioned: readonly CopartitionGroup[];
}

/** Topic of a store's changelog: `<app>-<store>-changelog`. */
export function changelogTopic(appId: string, store: string): string {
  return `${appId}-${store}-changelog`;
}

const APP_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/**
 * Turns a graph into a topology: internal topics get the application's name, nodes get their sub-topology.
 *
 * @throws {TypeError} If the id cannot begin a topic's name, or two nodes, two stores or two sources have one name
 */
export function buildTopology(
  appId: string,
  graph: Graph,
  { errors = {}, guarantee = "at-least-once" }: {
    readonly errors?: ErrorRules;
    readonly guarantee?: Guarantee;
  } = {},
): Topology {
  // It also names the folder of local tables: a path in it must lead nowhere else.
  if (!APP_ID.test(appId)) {
    throw new TypeError(
      `Cannot build the application "${appId}": its id begins topic names ` +
        "(use 1 to 200 letters, digits, dots, underscores or hyphens, a letter or digit first)",
    );
  }
  const stage = (["decode", "process", "produce"] as const)
    .find((one) => errors[one] === "dead-letter");
  if (stage && errors.deadLetterTopic === undefined) {
    throw new TypeError(
      `Cannot build the application "${appId}": onError.${stage} is "dead-letter", and there is no topic for dead ` +
        `letters (set deadLetter: "name")`,
    );
  }
  unique("node", graph.nodes.map((node) => node.name));
  unique("store", graph.stores.map((store) => store.name));
  const nodes = graph.nodes.map((node) => withFullTopicNames(appId, node));
  unique(
    "source of topic",
    nodes.filter((node) => node.source).map((node) => node.source!.topic),
  );
  const globals = nodes.filter((node) => node.global).map((node) => ({
    topic: node.source?.topic ?? sourceTopicOf(nodes, node),
    node: node.name,
    store: node.stores[0] ?? "",
  })).filter((one) => one.store !== "");
  refuseOwnLetters(appId, errors.deadLetterTopic, [
    ...nodes.flatMap(({ source }) => source?.topic ?? []),
    ...globals.map(({ topic }) => topic),
  ]);
  const localStores = new Set(graph.stores.filter((s) => !s.global).map((s) => s.name));
  return {
    appId,
    errors,
    guarantee,
    nodes,
    stores: graph.stores.map((store) => ({
      ...store,
      topic: globals.find((one) => one.store === store.name)?.topic ??
        changelogTopic(appId, store.name),
    })),
    globals,
    copartitioned: graph.copartitioned,
    subTopologies: splitIntoSubTopologies(nodes.filter((node) => !node.global), localStores),
  };
}

/** Finds a node. @throws {RangeError} If there is none */
export function nodeOf(topology: Topology, name: string): TopologyNode {
  const node = topology.nodes.find((one) => one.name === name);
  if (!node) throw new RangeError(`Cannot find node "${name}" in topology "${topology.appId}"`);
  return node;
}

/** Finds a store. @throws {RangeError} If there is none */
export function storeOf(topology: Topology, name: string): StoreSpec {
  const store = topology.stores.find((one) => one.name === name);
  if (store) return store;
  const known = topology.stores.map((one) => `"${one.name}"`).join(", ");
  throw new RangeError(
    `Cannot find store "${name}" in "${topology.appId}" (it has ${known || "none"})`,
  );
}

function withFullTopicNames(appId: string, node: TopologyNode): TopologyNode {
  if (node.source?.internal) {
    return { ...node, source: { ...node.source, topic: `${appId}-${node.source.topic}` } };
  }
  if (node.sink?.internal) {
    return { ...node, sink: { ...node.sink, topic: `${appId}-${node.sink.topic}` } };
  }
  return node;
}

function sourceTopicOf(nodes: readonly TopologyNode[], node: TopologyNode): string {
  const parent = nodes.find((one) => one.name === node.parents[0]?.node);
  return parent?.source?.topic ?? "";
}

/** A letter that is read again is refused again: a record becomes a letter without end. */
function refuseOwnLetters(
  appId: string,
  deadLetterTopic: string | undefined,
  inputs: readonly string[],
): void {
  if (deadLetterTopic === undefined || !inputs.includes(deadLetterTopic)) return;
  throw new TypeError(
    `Cannot build the application "${appId}": its dead letters go to "${deadLetterTopic}", which it reads itself ` +
      "(give deadLetter a topic of its own)",
  );
}

function unique(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new TypeError(
        `Cannot build the topology: two have the ${what} "${name}" (${
          what === "source of topic"
            ? "read it once and use the stream or table twice"
            : "give one another name"
        })`,
      );
    }
    seen.add(name);
  }
}
