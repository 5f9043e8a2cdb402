/**
 * One node in one task: its operator, its children, and its counters.
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type {
  DropReason,
  NumberCell,
  Operator,
  OperatorContext,
  Schedule,
  Scheduled,
} from "../operators/operator.ts";
import { DecodeError } from "../state/encoded_value.ts";
import { StoreError } from "../state/store_error.ts";
import type { TaskStore } from "../state/task_store.ts";
import type { LateRecord } from "../../views/mod.ts";
import type { ErrorStage } from "../topology/error_rules.ts";
import { StreamsError } from "./errors.ts";
import type { OutputRecord } from "./records.ts";
import type { Trace } from "./trace.ts";

/** What a node needs from its task. */
export interface NodeHost {
  readonly appId: string;
  readonly name: string;
  readonly partition: number;
  readonly streamTime: number;
  trace: Trace | undefined;
  now(): number;
  store(name: string): TaskStore;
  number(name: string, initial: number): NumberCell;
  schedule(schedule: Schedule, node: string, callback: (timeMs: number) => void): Scheduled;
  defer(work: Promise<void>): void;
  write(node: string, output: OutputRecord | Promise<OutputRecord | undefined>): void;
  /** Applies the error policy; returns when the record is to be skipped. @throws {StreamsError} */
  fail(stage: ErrorStage, node: string, record: FlowRecord, cause: unknown): void;
}

/** Counters of a node. */
export interface NodeMetrics {
  /** Records that came in. */
  readonly received: number;
  /** Records that it passed on, to however many nodes. */
  readonly emitted: number;
  /** Records that it dropped, by the reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** The last record that came after its window had closed; left out before there is one. */
  readonly late?: LateRecord;
}

/** A node of the topology in one task. */
export class ProcessorNode implements OperatorContext {
  #children: ProcessorNode[] = [];
  readonly #named = new Map<string, ProcessorNode[]>();
  #received = 0;
  #emitted = 0;
  readonly #dropped: Record<string, number> = {};
  #late: LateRecord | undefined;

  constructor(
    readonly node: string,
    readonly operator: Operator,
    readonly stage: ErrorStage,
    readonly host: NodeHost,
  ) {}

  /** Adds a child, on the plain or a named output. */
  connect(child: ProcessorNode, output?: string): void {
    if (output === undefined) this.#children.push(child);
    else this.#named.set(output, [...(this.#named.get(output) ?? []), child]);
  }

  /** Starts the operator. */
  init(): void {
    this.operator.init?.(this);
  }

  /** Processes a record; errors are dealt with here, at the node where they happen. */
  receive(record: FlowRecord): void {
    this.#received++;
    this.host.trace?.received(this.node, record);
    try {
      this.operator.process(record);
    } catch (error) {
      if (error instanceof StreamsError || error instanceof StoreError) throw error;
      const stage = error instanceof DecodeError ? "decode" : this.stage;
      this.drop(`${stage} error`, record);
      this.host.fail(stage, this.node, record, error);
    }
  }

  forward(record: FlowRecord): void {
    this.#emitted++;
    this.host.trace?.emitted(this.node, record, undefined);
    for (const child of this.#children) child.receive(record);
  }

  forwardTo(output: string, record: FlowRecord): void {
    const children = this.#named.get(output);
    if (!children) return;
    this.#emitted++;
    this.host.trace?.emitted(this.node, record, output);
    for (const child of children) child.receive(record);
  }

  hears(output: string): boolean {
    return this.#named.has(output);
  }

  drop(reason: DropReason, record: FlowRecord, lateMs?: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + 1;
    if (lateMs !== undefined) this.#late = { timestamp: record.timestamp, lateMs };
    this.host.trace?.dropped(this.node, record, reason);
  }

  internalTopic(suffix: string): string {
    return `${this.host.appId}-${suffix}`;
  }

  store(name: string): TaskStore {
    return this.host.store(name);
  }

  number(name: string, initial: number): NumberCell {
    return this.host.number(`${this.node}.${name}`, initial);
  }

  shared(name: string, initial: number): NumberCell {
    return this.host.number(name, initial);
  }

  schedule(schedule: Schedule, callback: (timeMs: number) => void): Scheduled {
    return this.host.schedule(schedule, this.node, callback);
  }

  write(output: OutputRecord | Promise<OutputRecord>): void {
    this.host.write(this.node, output);
  }

  fail(record: FlowRecord, cause: unknown): void {
    this.drop("process error", record);
    this.host.fail("process", this.node, record, cause);
  }

  defer(work: Promise<void>): void {
    this.host.defer(work);
  }

  now(): number {
    return this.host.now();
  }

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }
  get task(): string {
    return this.host.name;
  }
  get partition(): number {
    return this.host.partition;
  }
  get streamTime(): number {
    return this.host.streamTime;
  }

  /** Counters so far. */
  metrics(): NodeMetrics {
    return {
      received: this.#received,
      emitted: this.#emitted,
      dropped: { ...this.#dropped },
      ...(this.#late && { late: this.#late }),
    };
  }
}
