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

/** What a sink needs from its task. */
export interface SinkHost {
  /** How many partitions a topic has. */
  readonly partitions: (topic: string) => number;
  /** Takes an output; a promise resolves to undefined where the record was dropped. */
  readonly write: (output: OutputRecord | Promise<OutputRecord | undefined>) => void;
  /** Decides about a record that could not be encoded after a wait; `again` tries once more. */
  readonly failed: (
    record: FlowRecord,
    cause: unknown,
    again: () => OutputRecord | Promise<OutputRecord>,
  ) => Promise<OutputRecord | undefined>;
}

/** Writes every record it gets. */
export class SinkOperator implements Operator {
  constructor(readonly spec: SinkSpec, readonly host: SinkHost) {}

  process(record: FlowRecord): void {
    const output = this.#encode(record);
    if (!(output instanceof Promise)) return this.host.write(output);
    const again = () => this.#encode(record);
    this.host.write(output.catch((cause) => this.host.failed(record, cause, again)));
  }

  #encode(record: FlowRecord): OutputRecord | Promise<OutputRecord> {
    const { spec } = this;
    const topic = typeof spec.topic === "string" ? spec.topic : spec.topic(record.value, record);
    const key = record.encodedKey.bytes(spec.key, topic);
    const value = record.encodedValue.bytes(spec.value, topic);
    const { timestamp, headers } = record;
    const place = this.#place(record, topic);
    if (key instanceof Promise || value instanceof Promise) {
      return Promise.all([key, value]).then(([key, value]) => ({
        topic,
        key,
        value,
        timestamp,
        headers,
        ...place,
      }));
    }
    return { topic, key, value, timestamp, headers, ...place };
  }

  #place(record: FlowRecord, topic: string): Pick<OutputRecord, "partition" | "partitionKey"> {
    const { partition, key } = this.spec;
    if (partition) return { partition: partition(record, this.host.partitions(topic)) };
    if (isWindowed(key) && !record.encodedKey.isNull) {
      return { partitionKey: key.bareBytes(record.key, topic) };
    }
    return {};
  }
}
