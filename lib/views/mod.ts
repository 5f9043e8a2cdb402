/**
 * Plain data for pictures: what a broker, a group or a topology looks like at one moment.
 *
 * The rooms that find things out (`kafka`, `streams`) produce it, the ones that draw (`show`, `control_center`)
 * take it. This room knows nobody.
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
  type TopicPartition,
} from "./kafka_views.ts";

export { HUES, shades } from "./hues.ts";

export { type OwnedSpan, type Ownership, ownership } from "./ownership.ts";

export {
  type Arrival,
  type Arrivals,
  arrivals,
  type ArrivalWindow,
  type Arriving,
} from "./arrivals.ts";
