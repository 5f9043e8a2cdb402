/** Finding out what an agent's body reads, before it runs. */
import type { Serde } from "../../serde/mod.ts";
import type { AgentBody, AgentStream } from "./agent.ts";

/** A grouping that a body asks for. */
export interface ProbedGroup {
  readonly name: string;
  // deno-lint-ignore no-explicit-any
  readonly mapper: (value: any, record: any) => unknown;
  // deno-lint-ignore no-explicit-any
  readonly key: Serde<any> | undefined;
}

/**
 * Runs a body up to its first `await`, on a stream that never gives a record, and notes the groupings it asks for.
 *
 * Gotcha: what a body does before its loop is done once more here.
 */
export function probeAgent<K, V>(body: AgentBody<K, V>): ProbedGroup[] {
  const groups: ProbedGroup[] = [];
  const never = () => ({ next: () => new Promise<never>(() => {}) });
  const stream: AgentStream<unknown, unknown> = {
    [Symbol.asyncIterator]: never,
    records: () => ({ [Symbol.asyncIterator]: never }),
    groupBy(name, mapper, serdes) {
      groups.push({ name, mapper, key: serdes?.key });
      return stream as AgentStream<never, unknown>;
    },
  };
  const context = { task: "", send: () => {} };
  // A body that fails here fails again when it runs; then there is a record to blame.
  body(stream as AgentStream<K, V>, context).catch(() => {});
  return groups;
}
