/**
 * Plain data for pictures: what a broker, a group or a topology looks like at one moment.
 *
 * The rooms that find things out (`kafka`, `streams`) produce it, the ones that draw (`show`, `control_center`)
 * take it. This room knows only `serde`.
 *
 * @module
 */

export {
  type Assignment,
  type Lag,
  type Lane,
  type MemberAssignment,
  type RecordBox,
  type TopicLanes,
} from "./kafka_views.ts";
export type { TopicPartition } from "../serde/mod.ts";

export { HUES, shades } from "./hues.ts";

export { type OwnedSpan, type Ownership, ownership } from "./ownership.ts";

export {
  type Arrival,
  type Arrivals,
  arrivals,
  type ArrivalWindow,
  type Arriving,
} from "./arrivals.ts";

export type {
  ArrowCounter,
  StoreView,
  TopologyArrow,
  TopologyBox,
  TopologyView,
} from "./topology_view.ts";

export type { DebugEvent, DebugRow, DebugStep, DebugSteps, DebugTable } from "./debug_steps.ts";

export {
  appOfStatusTopic,
  type AppStatus,
  HEARTBEAT_MS,
  type InputStatus,
  type LateRecord,
  type NodeCounts,
  STALE_MS,
  type StandbyStatus,
  statusTopic,
  type TaskStatus,
  type WorkerState,
  type WorkerStatus,
} from "./worker_status.ts";

export {
  javaWindowedKey,
  readJavaWindowedKey,
  type WindowedKey,
  windowedKeyIn,
  windowedKeyText,
} from "./windowed_key.ts";
