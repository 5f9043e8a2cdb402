/** Agents: `for await` over the records of a task. */
import { EncodedValue } from "../state/encoded_value.ts";
import type { Serde } from "../../serde/mod.ts";
import type { FlowRecord, StreamRecord } from "./flow_record.ts";
import type { Operator, OperatorContext } from "./operator.ts";

/** What an agent reads: values with `for await`, or whole records. */
export interface AgentStream<K, V> extends AsyncIterable<V> {
  /** Records instead of values. */
  records(): AsyncIterable<StreamRecord<K, V>>;
  /**
   * The records of each group, in the task that owns it. Call it before the first `await`, so that the topology is
   * known before it runs.
   */
  groupBy<L>(
    name: string,
    mapper: (value: V, record: StreamRecord<K, V>) => L,
    serdes?: { readonly key?: Serde<L> },
  ): AgentStream<L, V>;
}

/** A topic to send to. */
export interface Target<K, V> {
  /** Its name. */
  readonly name: string;
  /** How keys are written. */
  readonly key: Serde<K>;
  /** How values are written. */
  readonly value: Serde<V>;
}

/** What an agent may do besides reading. */
export interface AgentContext {
  /** `0_1`: sub-topology 0, partition 1. */
  readonly task: string;
  /** Writes a record; its time is that of the record that the agent works on. */
  send<K, V>(
    target: Target<K, V>,
    record: { readonly key: K | null; readonly value: V | null },
  ): void;
}

/** The body of an agent. A record is done when the body asks for the next one. */
export type AgentBody<K, V> = (stream: AgentStream<K, V>, context: AgentContext) => Promise<void>;

/** The agent at work, and its record, for tables used inside the loop. */
export interface AgentScope {
  readonly context: OperatorContext;
  record: FlowRecord | undefined;
}

/** Asked for by name, because a browser has no such module and a bundle for one cannot import it. */
const hooks = (globalThis as { process?: { getBuiltinModule?(name: string): unknown } }).process
  ?.getBuiltinModule?.("node:async_hooks") as typeof import("node:async_hooks") | undefined;
const scopes = hooks && new hooks.AsyncLocalStorage<AgentScope>();
/** The agent that got the last record: enough in a browser, where the test driver waits until each record is done. */
let lastScope: AgentScope | undefined;

/** The agent whose loop is running. @throws {TypeError} If there is none */
export function agentScope(table: string): AgentScope & { readonly record: FlowRecord } {
  const scope = scopes ? scopes.getStore() : lastScope;
  if (scope?.record) return scope as AgentScope & { readonly record: FlowRecord };
  throw new TypeError(
    `Cannot use table "${table}" here: it belongs to tasks (use it inside an agent's loop; from outside, query the running application)`,
  );
}

/** Runs a body as an operator. @param groups How many `groupBy` are on the way; they are in the topology already */
export function agent<K, V>(body: AgentBody<K, V>, groups: number): () => Operator {
  return () => new Agent(body as AgentBody<unknown, unknown>, groups);
}

interface Request {
  deliver(record: FlowRecord): void;
}

class Agent implements Operator {
  #scope!: AgentScope;
  #running = false;
  #request: Request | undefined;
  /** A record that came before the body asked. */
  #undelivered: FlowRecord | undefined;
  /** Called when the body asks for another record, or ends. */
  #done: ((error?: { readonly cause: unknown }) => void) | undefined;

  constructor(readonly body: AgentBody<unknown, unknown>, readonly groups: number) {}

  init(context: OperatorContext): void {
    this.#scope = { context, record: undefined };
  }

  process(record: FlowRecord): void {
    const { context } = this.#scope;
    this.#scope.record = record;
    lastScope = this.#scope;
    const done = new Promise<void>((resolve, reject) => {
      this.#done = (failure) => {
        this.#done = undefined;
        this.#scope.record = undefined;
        if (!failure) return resolve();
        try {
          resolve(context.fail(record, failure.cause));
        } catch (error) {
          reject(error);
        }
      };
    });
    context.defer(done);
    if (this.#request) return this.#deliver(record);
    this.#undelivered = record;
    if (!this.#running) this.#start();
  }

  #deliver(record: FlowRecord): void {
    const request = this.#request!;
    this.#request = undefined;
    request.deliver(record);
  }

  /** Starts the body: at the first record, and again after it ended. */
  #start(): void {
    this.#running = true;
    const scope = this.#scope;
    const context: AgentContext = {
      task: scope.context.task,
      send: (target, { key, value }) =>
        this.#send(target, EncodedValue.of(key), EncodedValue.of(value)),
    };
    const end = (failure?: { readonly cause: unknown }) => {
      this.#running = false;
      this.#request = undefined;
      this.#undelivered = undefined;
      this.#done?.(failure);
    };
    const body = () => this.body(this.#stream(this.groups), context);
    (scopes ? scopes.run(scope, body) : body())
      .then(() => end(), (cause) => end({ cause }));
  }

  #stream(groupsLeft: number): AgentStream<unknown, unknown> {
    const values = { [Symbol.asyncIterator]: () => this.#iterator((record) => record.value) };
    return {
      ...values,
      records: () => ({ [Symbol.asyncIterator]: () => this.#iterator((record) => record) }),
      groupBy: () => {
        if (groupsLeft > 0) return this.#stream(groupsLeft - 1) as AgentStream<never, unknown>;
        throw new TypeError(
          "Cannot group here: the topology is fixed by now (call groupBy before the first await)",
        );
      },
    };
  }

  #iterator<T>(show: (record: FlowRecord) => T): AsyncIterator<T> {
    return {
      next: () =>
        new Promise<IteratorResult<T>>((resolve) => {
          this.#request = {
            deliver: (record) => resolve({ done: false, value: show(record) }),
          };
          const waiting = this.#undelivered;
          this.#undelivered = undefined;
          // Asking for the next record acknowledges the one before.
          if (waiting) this.#deliver(waiting);
          else this.#done?.();
        }),
      return: () => Promise.resolve({ done: true, value: undefined }),
    };
  }

  #send<K, V>(
    target: Target<K, V>,
    encodedKey: EncodedValue<K>,
    encodedValue: EncodedValue<V>,
  ): void {
    const { context, record } = this.#scope;
    const topic = target.name;
    const timestamp = record?.timestamp ?? context.now();
    const key = encodedKey.bytes(target.key, topic),
      value = encodedValue.bytes(target.value, topic);
    context.write(
      key instanceof Promise || value instanceof Promise
        ? Promise.all([key, value]).then(([key, value]) => ({ topic, key, value, timestamp }))
        : { topic, key, value, timestamp },
    );
  }
}
