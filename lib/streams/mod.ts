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
export { App, app, type AppOptions, type PatternOptions } from "./dsl/app.ts";
export type { AgentOptions, AgentTableOptions, WindowedAgentTableOptions } from "./dsl/agents.ts";
export type { SplitOptions } from "./dsl/build/branches.ts";
export type { ResultOptions } from "./dsl/build/aggregate.ts";
export type { ForeignKeyOptions } from "./dsl/build/foreign_key.ts";
export type { RepartitionOptions } from "./dsl/build/repartition.ts";
export type { AtOnce, Named, Serdes, StepOptions, ValueOptions } from "./dsl/build/shape.ts";
export type { Joiner, StreamJoinOptions, TableLookupOptions } from "./dsl/build/stream_joins.ts";
export type { SuppressOptions } from "./dsl/build/suppress.ts";
export type { TableAggregation } from "./dsl/build/table_groups.ts";
export type { RowJoin } from "./dsl/build/table_joins.ts";
export type { TableOptions, TableStepOptions } from "./dsl/build/tables.ts";
export type { WindowResultOptions } from "./dsl/build/windows.ts";
export type { Cogrouped, WindowedCogrouped } from "./dsl/cogrouped.ts";
export type { GlobalTable } from "./dsl/global_table.ts";
export type { GroupedStream } from "./dsl/grouped_stream.ts";
export type { GroupedTable } from "./dsl/grouped_table.ts";
export type { ProcessOptions, SinkOptions, SinkTopic, Stream } from "./dsl/stream.ts";
export type { Table } from "./dsl/table.ts";
export type {
  SessionAggregation,
  SessionWindowed,
  TimeWindowed,
  WindowedTable,
} from "./dsl/windowed_stream.ts";
export type { DriverInput, DriverRecord } from "./driver/driver_records.ts";
export { TestDriver, type TestDriverOptions } from "./driver/test_driver.ts";
export type { StepTrace, TraceChange, TraceEvent } from "./driver/step_trace.ts";
export type { AgentBody, AgentContext, AgentStream, Target } from "./operators/agent.ts";
export type { AgentTable, WindowedAgentTable } from "./operators/agent_table.ts";
export type { Predicate } from "./operators/filter.ts";
export type { Aggregation } from "./operators/aggregate.ts";
export type { Headers, StreamRecord } from "./operators/flow_record.ts";
export type { Late } from "./operators/late.ts";
export type { KeyValue, Mapper } from "./operators/map.ts";
export type { KeyValueStore, OrderOptions } from "./operators/key_value_store.ts";
export type { DropReason, Schedule, Scheduled } from "./operators/operator.ts";
export type {
  ForwardOptions,
  Processor,
  ProcessorContext,
  ProcessorFactory,
  StoreContext,
  TransformerFactory,
  ValueProcessorContext,
  ValueProcessorFactory,
} from "./operators/process.ts";
export type { JoinWindows } from "./operators/stream_join.ts";
export type { JoinValues } from "./operators/stream_table_join.ts";
export {
  hopping,
  type HoppingOptions,
  session,
  type SessionWindows,
  sliding,
  type SlidingWindows,
  type TimeWindows,
  tumbling,
  type TumblingOptions,
  unlimited,
  type Windows,
  windowStarts,
} from "./operators/windows.ts";
export { memoryStores } from "./state/memory_store.ts";
export type { Checkpoint, Row, RowStore, StoreProvider, TaskStorage } from "./state/row_store.ts";
export type { Datum } from "./state/datum.ts";
export type { StateKey } from "./state/state_key.ts";
export type { ChangelogRecord } from "./state/task_store.ts";
export { type RefusedRecord, StreamsError } from "./task/errors.ts";
export { StoreError } from "./state/store_error.ts";
export { droppedRecords, type TaskMetrics } from "./task/metrics.ts";
export type { NodeMetrics } from "./task/running_node.ts";
export type { Clock, OutputRecord, RawRecord } from "./task/records.ts";
export type {
  ErrorPolicy,
  ErrorRule,
  ErrorRules,
  ErrorStage,
  FailedRecord,
  Guarantee,
} from "./topology/error_rules.ts";
export { describe } from "./topology/describe.ts";
export { diagram } from "./topology/diagram.ts";
export { type Plan, planTopics, type TaskId, taskName, type TopicPlan } from "./topology/plan.ts";
export type { AnySerde, Encoder } from "./topology/serde.ts";
export {
  headerBytes,
  type HeadersInput,
  headerText,
  type RecordHeader,
  type RecordHeaders,
} from "../serde/mod.ts";
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
export type { StoreLayout, StoreSpec, WindowKeyFormat } from "./topology/store_spec.ts";
export {
  type ExtractorContext,
  type SolidTopic,
  type StandardSchema,
  type TimestampExtractor,
  type Topic,
  topic,
  type TopicOptions,
  type Validator,
} from "./topology/topic.ts";
export type { CopartitionGroup, GlobalSource, Topology } from "./topology/topology.ts";
export type { SubTopology } from "./topology/sub_topologies.ts";
export type { Edge, SinkSpec, SourceSpec, TopologyNode } from "./topology/node.ts";
export {
  type Windowed,
  windowed,
  type WindowedOptions,
  type WindowedSerde,
} from "./topology/windowed_serde.ts";
