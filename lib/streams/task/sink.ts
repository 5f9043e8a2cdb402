/**
 * The end of a topology: records become bytes for a topic.
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type { Operator } from "../operators/operator.ts";
import type { SinkSpec } from "../topology/node.ts";
import { isWindowed } from "../topology/windowed_serde.ts";
import type { OutputRecord } from "./records.ts";

/** Writes every record it gets. */
export class SinkOperator implements Operator {
  constructor(
    readonly spec: SinkSpec,
    readonly partitions: (topic: string) => number,
    readonly write: (output: OutputRecord | Promise<OutputRecord>) => void,
  ) {}

  process(record: FlowRecord): void {
    const { spec } = this;
    const topic = typeof spec.topic === "string" ? spec.topic : spec.topic(record.value, record);
    const key = record.keyDatum.bytes(spec.key, topic);
    const value = record.valueDatum.bytes(spec.value, topic);
    const { timestamp, headers } = record;
    const place = this.#place(record, topic);
    if (key instanceof Promise || value instanceof Promise) {
      this.write(
        Promise.all([key, value]).then(([key, value]) => ({
          topic,
          key,
          value,
          timestamp,
          headers,
          ...place,
        })),
      );
    } else this.write({ topic, key, value, timestamp, headers, ...place });
  }

  #place(record: FlowRecord, topic: string): Pick<OutputRecord, "partition" | "partitionKey"> {
    const { partition, key } = this.spec;
    if (partition) return { partition: partition(record, this.partitions(topic)) };
    if (isWindowed(key) && !record.keyDatum.isNull) {
      return { partitionKey: key.bareBytes(record.key, topic) };
    }
    return {};
  }
}
