/**
 * Everything drawn in a notebook: tables, charts, partition lanes, timelines, bytes, progress.
 *
 * A drawing is a `Picture`: plain data with HTML for a notebook (both themes, never by colour alone) and text
 * for a terminal. `show()` puts it into the cell. What records contain is escaped, never interpreted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { show, table } from "./mod.ts";
 *
 * const rides = [{ vendor: 1, trips: 12 }, { vendor: 2, trips: 3 }];
 * const picture = table(rides, ["vendor", "trips"]);
 * await show(picture);
 * assert.ok(picture.html.includes("<table"));
 * ```
 *
 * @module
 */

export { type ByteField, bytesView } from "./bytes.ts";
export { bars } from "./bars.ts";
export type { ChartOptions } from "./chart_rows.ts";
export { dots, type DotsOptions, line } from "./line.ts";
export { Plot, plot, type PlotLook, type PlotOptions } from "./plot.ts";
export { clockTime, duration } from "./clock.ts";
export {
  type JoinedStreams,
  type Joining,
  type JoinWindowOptions,
  joinWindowView,
} from "./join_window.ts";
export { filesView, type LogFile, type LogFiles } from "./files.ts";
export { lagView, type PartitionLag } from "./lag.ts";
export type { Lane, LaneRecord, Offset } from "./lane.ts";
export { type Lanes, lanes, type LanesOptions } from "./lanes.ts";
export { lateView } from "./late.ts";
export { type Live, live, type LiveOptions } from "./live.ts";
export {
  type Lookup,
  type LookupRow,
  type Lookups,
  type LookupsOptions,
  lookupsView,
} from "./lookups.ts";
export { type Attributes, escapeHtml, tag } from "./markup.ts";
export { mermaid } from "./mermaid.ts";
export { type Mutants, mutantsView } from "./mutants.ts";
export { type Bundle, type Picture, picture } from "./picture.ts";
export { type Position, type Positions, positionsView } from "./positions.ts";
export { type Progress, progress, type ProgressOptions } from "./progress.ts";
export { type Screen, screen, shortenNames } from "./screen.ts";
export { formats, html, markdown, show } from "./show.ts";
export { type StepsOptions, stepsView } from "./steps.ts";
export { table, type TableOptions } from "./table.ts";
export { type Frame, frame } from "./theme.ts";
export { type Span, type Timeline, timeline } from "./timeline.ts";
export { type Timer, type Timers, type TimersOptions, timersView } from "./timers.ts";
export { type LoggedRecord, type TransactionLog, transactionsView } from "./transactions.ts";
export { type WindowRow, windowView, type WindowViewOptions } from "./windows.ts";
