/** A part of a drawn topology. */
export interface TopologyBox {
  /** Unique in its drawing. */
  readonly id: string;
  /** A topic, a step of the program, or a table's store. */
  readonly kind: "topic" | "step" | "store";
  /** What to write in it; for topics and stores their name. */
  readonly label: string;
  /** Number of the sub-topology it belongs to; null for what stands outside, such as topics. */
  readonly subTopology: number | null;
}

/** Which counter of a node tells what went along an arrow. */
export interface ArrowCounter {
  /** Name of the node, as in {@link NodeCounts}'s record. */
  readonly node: string;
  /** Records that came in, or that it passed on. */
  readonly of: "received" | "emitted";
}

/** A line between two boxes. */
export interface TopologyArrow {
  /** `id` of a box. */
  readonly from: string;
  /** `id` of a box. */
  readonly to: string;
  /** `flow` carries records; `state` says that a step uses a store. */
  readonly kind: "flow" | "state";
  /** Name of the way out of a step that has several. */
  readonly output?: string;
  /** Missing where no counter tells this arrow from another. */
  readonly counter?: ArrowCounter;
}

/** A store and where its rows can be read. */
export interface StoreView {
  /** As the program calls it. */
  readonly name: string;
  /** Topic that keeps its rows; null for one that is not logged. */
  readonly changelog: string | null;
  /** `window` and `session` have windowed keys; what is not `plain` otherwise is the engine's own. */
  readonly layout: string;
  /** Size of a window in ms, where the layout is `window`. */
  readonly sizeMs?: number;
  /** How long after its end a window still takes records, in ms of stream time; for windows and sessions. */
  readonly graceMs?: number;
  /** Read whole by every worker; its `changelog` is the topic that fills it. */
  readonly global?: boolean;
}

/** A topology as plain data, to be drawn. */
export interface TopologyView {
  /** Id of the application. */
  readonly app: string;
  /** Steps in the order of the program. */
  readonly boxes: readonly TopologyBox[];
  /** Between two of the boxes each. */
  readonly arrows: readonly TopologyArrow[];
  /** Every store, whether drawn or not. */
  readonly stores: readonly StoreView[];
  /** Topic -> partitions, as far as they are known. */
  readonly partitions: Readonly<Record<string, number>>;
}
