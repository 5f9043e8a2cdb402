/**
 * What a test driver does, step by step, as plain data that can be drawn.
 *
 * @module
 */
export { type DebugInput, type DebugOptions, debugSteps } from "./debug_steps.ts";
export type { AnyTopic } from "../topology/topic.ts";
