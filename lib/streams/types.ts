/**
 * Types that stand only in the signatures of `mod.ts`: options, and what the parts of a topology are made of. A program
 * that writes literals needs none of them.
 *
 * @module
 */
export type { PatternOptions } from "./dsl/app.ts";
export type { AgentOptions, AgentTableOptions, WindowedAgentTableOptions } from "./dsl/agents.ts";
export type { SplitOptions } from "./dsl/build/branches.ts";
export type { ResultOptions } from "./dsl/build/aggregate.ts";
export type { ForeignKeyOptions } from "./dsl/build/foreign_key.ts";
export type { RepartitionOptions } from "./dsl/build/repartition.ts";
export type { AtOnce, Named, Serdes, StepOptions, ValueOptions } from "./dsl/build/shape.ts";
export type { StreamJoinOptions, TableLookupOptions } from "./dsl/build/stream_joins.ts";
export type { SuppressOptions } from "./dsl/build/suppress.ts";
export type { TableAggregation } from "./dsl/build/table_groups.ts";
export type { RowJoin } from "./dsl/build/table_joins.ts";
export type { TableOptions, TableStepOptions } from "./dsl/build/tables.ts";
export type { WindowResultOptions } from "./dsl/build/windows.ts";
export type { ProcessOptions, SinkOptions, SinkTopic } from "./dsl/stream.ts";
export type { SessionAggregation } from "./dsl/windowed_stream.ts";
export type { DriverInput } from "./driver/driver_records.ts";
export type { TestDriverOptions } from "./driver/test_driver.ts";
export type { TraceChange, TraceEvent } from "./driver/step_trace.ts";
export type { AgentBody, AgentContext, AgentStream, Target } from "./operators/agent.ts";
export type { OrderOptions } from "./operators/key_value_store.ts";
export type { Schedule, Scheduled } from "./operators/operator.ts";
export type {
  ForwardOptions,
  StoreContext,
  TransformerFactory,
  ValueProcessorFactory,
} from "./operators/process.ts";
export type { JoinWindows } from "./operators/stream_join.ts";
export type { JoinValues } from "./operators/stream_table_join.ts";
export type {
  HoppingOptions,
  SessionWindows,
  SlidingWindows,
  TimeWindows,
  TumblingOptions,
} from "./operators/windows.ts";
export type { Checkpoint, Row, RowStore, TaskStorage } from "./state/row_store.ts";
export type { EncodedValue } from "./state/encoded_value.ts";
export type { StateKey } from "./state/state_key.ts";
export type { ChangelogRecord } from "./state/task_store.ts";
export type { RefusedRecord } from "./task/errors.ts";
export type { NodeMetrics } from "./task/processor_node.ts";
export type { Clock, OutputRecord, RawRecord } from "./task/records.ts";
export type { ErrorPolicy, ErrorRules, ErrorStage } from "./topology/error_rules.ts";
export type { Plan, TaskId, TopicPlan } from "./topology/plan.ts";
export type { AnySerde, Encoder } from "./topology/serde.ts";
export type { HeadersInput, RecordHeader, RecordHeaders } from "../serde/mod.ts";
export type { StoreLayout, StoreSpec, WindowKeyFormat } from "./topology/store_spec.ts";
export type {
  ExtractorContext,
  StandardSchema,
  TopicOptions,
  Validator,
} from "./topology/topic.ts";
export type { CopartitionGroup, GlobalSource } from "./topology/topology.ts";
export type { SubTopology } from "./topology/sub_topologies.ts";
export type { Edge, SinkSpec, SourceSpec, TopologyNode } from "./topology/node.ts";
export type { WindowedOptions, WindowedSerde } from "./topology/windowed_serde.ts";
