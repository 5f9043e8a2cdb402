/**
 * Finds the rows of a key wherever they are: in a task of this worker, or over HTTP in a task of another one.
 *
 * @module
 */
import { LongAnswerError, sleep } from "../../../async/mod.ts";
import { isLoopback } from "../../../settings/mod.ts";
import { EncodedValue } from "../../state/encoded_value.ts";
import type { Row } from "../../state/row_store.ts";
import { type StateKey, toStateKey } from "../../state/state_key.ts";
import type { TaskStore } from "../../state/task_store.ts";
import { storeOf, type Topology } from "../../topology/topology.ts";
import { type KeyQuery, rowsOfKey } from "./rows_of_key.ts";
import {
  fromWire,
  isWireRow,
  type QueryAnswer,
  queryUrl,
  readAnswer,
  type WireRow,
} from "./wire.ts";

/** Where a worker answers queries. */
export interface ServerAddress {
  /** `http://host:port`. */
  readonly url: string;
  /** The machine it runs on; empty where it is not known. */
  readonly host: string;
}

/** What {@link Queries} asks its worker. */
export interface QueryHost {
  readonly topology: Topology;
  /** The tasks that may have a key: one, or all of a sub-topology whose records are partitioned by a function. */
  readonly tasksOf: (query: KeyQuery) => readonly string[];
  /** The store of a table in a task that runs here; undefined where it does not. */
  readonly storeOf: (table: string, task: string) => TaskStore | undefined;
  /** Where the worker that has a task answers; null where it does not answer, undefined while no worker has the task. */
  readonly serverOf: (task: string) => ServerAddress | null | undefined;
  /** This machine's name; empty where it is not known. */
  readonly host: string;
}

/** How to ask. */
export interface QueriesOptions {
  /** Shared by all workers of the application. @default none */
  readonly token?: string | undefined;
  /** How long a query waits for a task that is on its way. @default 30_000 */
  readonly timeoutMs?: number;
  /** Called when a query waits for longer than a moment. */
  readonly onWaiting?: (task: string, why: string) => void;
  /** @default the system's */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** A row, and the task that has it. */
export interface FoundRow {
  readonly key: StateKey;
  readonly row: Row;
  readonly task: string;
}

/** The task is moving: it is not where it was looked for. */
export class NotHere extends Error {
  override readonly name = "NotHere";
}

/** After so long a `waiting` event is emitted. */
const TELL_MS = 1_000;
/** An owner that does not answer for so long is asked again: it may have died. */
const ANSWER_MS = 5_000;
const AGAIN_MS = 50;

/** Answers for every key of an application's tables. */
export class Queries {
  readonly #host: QueryHost;
  readonly #options: Required<Omit<QueriesOptions, "token">> & Pick<QueriesOptions, "token">;

  constructor(host: QueryHost, options: QueriesOptions = {}) {
    this.#host = host;
    this.#options = { timeoutMs: 30_000, onWaiting: () => {}, fetch, ...options };
  }

  /**
   * The rows of a key; waits while the group rebalances or a task restores.
   *
   * @throws {RangeError} If there is no such table
   * @throws {Error} If the task that has the key does not run in time, or its worker cannot be asked
   */
  async find(query: KeyQuery): Promise<readonly FoundRow[]> {
    storeOf(this.#host.topology, query.table);
    const tasks = this.#host.tasksOf(query);
    const found = await Promise.all(tasks.map((task) => this.#findIn(task, query)));
    return found.flat();
  }

  /** What tasks of this worker have of a key. @throws {NotHere} If the task that should have it does not run here */
  findHere(query: KeyQuery): readonly FoundRow[] {
    storeOf(this.#host.topology, query.table);
    const here = this.#host.tasksOf(query).flatMap((task) => {
      const store = this.#host.storeOf(query.table, task);
      return store ? [{ task, store }] : [];
    });
    if (here.length === 0) throw new NotHere("its task does not run here");
    return here.flatMap(({ task, store }) => found(store, task, query));
  }

  async #findIn(task: string, query: KeyQuery): Promise<readonly FoundRow[]> {
    const { timeoutMs, onWaiting } = this.#options, beganMs = performance.now();
    for (let isTold = false;;) {
      try {
        const store = this.#host.storeOf(query.table, task);
        return store ? found(store, task, query) : await this.#ask(task, query);
      } catch (error) {
        if (!(error instanceof NotHere)) throw error;
        const waitedMs = performance.now() - beganMs;
        if (waitedMs > timeoutMs) {
          throw new Error(
            `Cannot query table "${query.table}": its task ${task} was not found for ` +
              `${
                Math.round(timeoutMs / 1_000)
              } s, ${error.message} (see that its workers run, then ask again)`,
          );
        }
        if (!isTold && waitedMs > TELL_MS) {
          isTold = true;
          onWaiting(task, `a query of table "${query.table}": ${error.message}`);
        }
        await sleep(AGAIN_MS);
      }
    }
  }

  async #ask(task: string, query: KeyQuery): Promise<readonly FoundRow[]> {
    const { topology, host } = this.#host, server = this.#host.serverOf(task);
    if (server === undefined) throw new NotHere("no worker has it yet, the group is rebalancing");
    if (server === null) {
      throw new Error(
        `Cannot query table "${query.table}": the worker that has its task ${task} answers no queries ` +
          "(start it without server: false)",
      );
    }
    const isElsewhere = server.host !== "" && host !== "" && server.host !== host;
    if (isElsewhere && isLoopback(new URL(server.url).hostname)) {
      throw new Error(
        `Cannot query table "${query.table}": the worker that has its task ${task} answers only on its own machine, ` +
          `"${server.host}" (start it with server: { hostname, token })`,
      );
    }
    const { token, fetch } = this.#options;
    const request = new Request(queryUrl(server.url, topology.appId, query), {
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    let response: Response, answer: QueryAnswer<WireRow>;
    try {
      response = await fetch(request);
      answer = await readAnswer(response, isWireRow);
    } catch (error) {
      if (error instanceof LongAnswerError) {
        throw new Error(
          `Cannot query table "${query.table}": ${error.message} (is ${server.url} a worker?)`,
        );
      }
      throw new NotHere(`its worker at ${server.url} does not answer`);
    }
    if (response.status === 503) throw new NotHere("the group is rebalancing");
    if (!response.ok) {
      throw new Error(`${answer.message ?? `${server.url} answered ${response.status}`}`);
    }
    const spec = storeOf(topology, query.table), topic = spec.topic ?? spec.name;
    return (answer.rows ?? []).map(({ key, value, timestamp, task }) => ({
      key: toStateKey(fromWire(key)),
      row: { value: EncodedValue.encoded(fromWire(value), spec.value, topic), timestamp },
      task,
    }));
  }
}

function found(store: TaskStore, task: string, query: KeyQuery): FoundRow[] {
  return rowsOfKey(store, toStateKey(query.key), query).map(([key, row]) => ({ key, row, task }));
}
