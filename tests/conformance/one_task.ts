/**
 * A topology as Kafka Streams' TopologyTestDriver runs it: all of it one task, whose topics take turns as Java's
 * PriorityQueue lets them. Between the tasks of a real cluster nothing promises an order; here it is compared, too.
 *
 * @module
 */
import {
  decodeOutput,
  type DriverRecord,
  encodeInput,
  outputTopic,
} from "../../lib/streams/driver/driver_records.ts";
import { memoryStores, type Topic, type Topology } from "../../lib/streams/mod.ts";
import { GlobalState } from "../../lib/streams/task/global_state.ts";
import type { OutputRecord } from "../../lib/streams/task/records.ts";
import { Task } from "../../lib/streams/task/task.ts";
import { planTopics } from "../../lib/streams/topology/plan.ts";
import type { DriverInput, RawRecord } from "../../lib/streams/types.ts";

/** Records of one topic that wait. */
interface Queue {
  readonly topic: string;
  readonly records: RawRecord[];
  next: number;
}

/** One task for a whole topology. */
export class OneTask {
  readonly #topology: Topology;
  readonly #task: Task;
  readonly #globals: GlobalState;
  readonly #queues: ReadonlyMap<string, Queue>;
  readonly #heap: Queue[] = [];
  readonly #written: OutputRecord[] = [];

  constructor(topology: Topology) {
    const { subTopologies: parts } = topology;
    const sourceTopics = parts.flatMap((part) => part.sourceTopics);
    this.#topology = {
      ...topology,
      subTopologies: [{
        ...{ id: 0, sourceTopics },
        nodes: parts.flatMap((part) => part.nodes),
        sinkTopics: [...new Set(parts.flatMap((part) => part.sinkTopics))],
        stores: parts.flatMap((part) => part.stores),
      }],
    };
    const stores = memoryStores(), clock = { now: () => 0 };
    this.#globals = new GlobalState(topology, { stores });
    const outside = topology.nodes.flatMap(({ source }) => source ? [source.topic] : []);
    const plan = planTopics(this.#topology, Object.fromEntries(outside.map((name) => [name, 1])));
    const { 0: id } = plan.tasks;
    this.#task = new Task(this.#topology, id!, { clock, stores, globals: this.#globals });
    this.#queues = new Map(
      sourceTopics.map((topic) => [topic, { topic, records: [], next: 0 }]),
    );
  }

  /** Appends a record to a topic, and processes all that follows from it. */
  pipe<K, V>(topic: Topic<K, V>, input: DriverInput<K, V>): void {
    this.#append(encodeInput(topic, input) as OutputRecord);
    for (let queue = this.#poll(); queue; queue = this.#poll()) {
      const record = queue.records[queue.next++]!;
      if (queue.next < queue.records.length) this.#offer(queue);
      this.#task.enqueue(queue.topic, [record]);
      this.#task.step();
      this.#task.takeChangelog();
      for (const output of this.#task.takeOutputs() as OutputRecord[]) this.#append(output);
    }
  }

  /** All records of a topic. */
  read(name: string): DriverRecord<unknown, unknown>[] {
    const topic = outputTopic(this.#topology, name);
    return this.#written.filter((record) => record.topic === name).map((record, offset) =>
      decodeOutput(topic, { ...record, offset }, 0)
    );
  }

  #append(record: OutputRecord): void {
    this.#written.push(record);
    const { topic } = record, queue = this.#queues.get(topic);
    if (this.#globals.topics.includes(topic)) {
      this.#globals.update(topic, [{ ...record, offset: 0 }]);
    } else if (queue) {
      queue.records.push({ ...record, offset: queue.records.length });
      if (queue.next === queue.records.length - 1) this.#offer(queue);
    }
  }

  /** As `PriorityQueue.offer`. */
  #offer(queue: Queue): void {
    const heap = this.#heap;
    let at = heap.push(queue) - 1;
    for (let above = (at - 1) >> 1; at > 0 && timeOf(queue) < timeOf(heap[above]!);) {
      heap[at] = heap[above]!;
      at = above;
      above = (at - 1) >> 1;
    }
    heap[at] = queue;
  }

  /** As `PriorityQueue.poll`. */
  #poll(): Queue | undefined {
    const heap = this.#heap, first = heap[0], last = heap.pop();
    if (!last || heap.length === 0) return first;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      const right = below + 1;
      if (right < heap.length && timeOf(heap[right]!) < timeOf(heap[below]!)) below = right;
      if (timeOf(last) <= timeOf(heap[below]!)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function timeOf({ records, next }: Queue): number {
  return records[next]!.timestamp;
}
