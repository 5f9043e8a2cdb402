/**
 * Serdes get ready before the first record: stores and internal topics cannot wait for an answer.
 *
 * @module
 */
import { isSynchronous } from "../topology/serde.ts";
import type { AnySerde } from "../topology/serde.ts";
import type { Topology } from "../topology/topology.ts";
import type { TaskStore } from "../state/task_store.ts";

interface Use {
  readonly serde: AnySerde;
  readonly topic: string;
}

function usesOf({ appId, nodes, stores }: Topology): Use[] {
  const both = (topic: string, { key, value }: { key: AnySerde; value: AnySerde }) => [
    { serde: key, topic },
    { serde: value, topic },
  ];
  return [
    ...stores.flatMap((store) => both(store.topic ?? store.name, store)),
    ...nodes.flatMap(({ sink }) => sink?.internal ? both(sink.topic as string, sink) : []),
    ...nodes.flatMap(({ serdes = [] }) =>
      serdes.map(({ serde, internalTopic }) => ({ serde, topic: `${appId}-${internalTopic}` }))
    ),
  ];
}

/**
 * Asks every serde of a store or an internal topic to get ready.
 *
 * @returns undefined where none has to
 * @throws {TypeError} If one cannot; its cause tells why
 */
export function readySerdes(topology: Topology): Promise<void> | undefined {
  const uses = usesOf(topology).filter(({ serde }) => serde.ready);
  if (uses.length === 0) return undefined;
  return Promise.all(uses.map(async ({ serde, topic }) => {
    try {
      await serde.ready!(topic);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(
        `Cannot start "${topology.appId}": the serde of its topic "${topic}" does not get ready: ${why} ` +
          "(name another serde for this table or step, such as json())",
        { cause },
      );
    }
  })).then(() => {});
}

/** Decodes every row once whose serde may have to ask a schema registry. */
export async function readyRows(stores: Iterable<TaskStore>): Promise<void> {
  for (const { spec, rows } of stores) {
    if (isSynchronous(spec.value)) continue;
    for (const [, { value }] of rows.all()) await value.fresh().decode();
  }
}
