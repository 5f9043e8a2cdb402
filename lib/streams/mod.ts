/**
 * Stream processing: Kafka Streams' semantics in TypeScript. What is here builds applications and runs them in memory,
 * wherever JavaScript runs; `runtime/mod.ts` runs them on Kafka.
 *
 * @example Count rides per vendor, without a broker
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, json, string, TestDriver, topic } from "lib/streams/mod.ts";
 *
 * const rides = topic("rides", { key: string, value: json<{ vendor: string }>(), nullable: false });
 * const counts = app("counts");
 * counts.stream(rides).groupBy("vendor", (ride) => ride.vendor, { key: string }).count("trips")
 *   .toStream().to("vendor-trips");
 *
 * using driver = new TestDriver(counts);
 * driver.pipe(rides, { key: "r1", value: { vendor: "2" }, timestamp: 10 });
 * driver.pipe(rides, { key: "r2", value: { vendor: "2" }, timestamp: 20 });
 * assert.deepEqual(driver.read("vendor-trips").map(({ key, value }) => [key, value]), [["2", 1], ["2", 2]]);
 * ```
 *
 * @module
 */
export { App, app, type AppOptions } from "./dsl/app.ts";
export type { Joiner } from "./dsl/build/stream_joins.ts";
export type { Cogrouped, WindowedCogrouped } from "./dsl/cogrouped.ts";
export type { GlobalTable } from "./dsl/global_table.ts";
export type { GroupedStream } from "./dsl/grouped_stream.ts";
export type { GroupedTable } from "./dsl/grouped_table.ts";
export type { Stream } from "./dsl/stream.ts";
export type { Table } from "./dsl/table.ts";
export type { SessionWindowed, TimeWindowed, WindowedTable } from "./dsl/windowed_stream.ts";
export type { DriverRecord } from "./driver/driver_records.ts";
export { TestDriver } from "./driver/test_driver.ts";
export type { StepTrace } from "./driver/step_trace.ts";
export type { AgentTable, WindowedAgentTable } from "./operators/agent_table.ts";
export type { Predicate } from "./operators/filter.ts";
export type { Aggregation } from "./operators/aggregate.ts";
export type { Headers, StreamRecord } from "./operators/flow_record.ts";
export type { Late } from "./operators/late.ts";
export type { KeyValue, Mapper } from "./operators/map.ts";
export type { KeyValueStore } from "./operators/key_value_store.ts";
export type { DropReason } from "./operators/operator.ts";
export type {
  Processor,
  ProcessorContext,
  ProcessorFactory,
  ValueProcessorContext,
} from "./operators/process.ts";
export {
  hopping,
  session,
  sliding,
  tumbling,
  unlimited,
  type Windows,
  windowStarts,
} from "./operators/windows.ts";
export { memoryStores } from "./state/memory_store.ts";
export type { StoreProvider } from "./state/row_store.ts";
export { StreamsError } from "./task/errors.ts";
export { droppedRecords, type TaskMetrics } from "./task/metrics.ts";
export type { ErrorRule, FailedRecord, Guarantee } from "./topology/error_rules.ts";
export { describe } from "./topology/describe.ts";
export { diagram } from "./topology/diagram.ts";
export { headerBytes, headerText } from "../serde/mod.ts";
export {
  type Bytes,
  bytes,
  int32,
  int64,
  json,
  partitionForKey,
  type Serde,
  string,
  type SyncSerde,
} from "../serde/mod.ts";
export { type SolidTopic, type TimestampExtractor, type Topic, topic } from "./topology/topic.ts";
export type { Topology } from "./topology/topology.ts";
export { type Windowed, windowed } from "./topology/windowed_serde.ts";
