/**
 * Finds the workers of an application by what they publish, and asks one of them.
 *
 * @module
 */
import { json, type Kafka, readAll, string } from "../lib/kafka/mod.ts";
import { isLoopback } from "../lib/settings/mod.ts";
import type { TableRow } from "../lib/streams/runtime/mod.ts";
import { type QueryAnswer, readAnswer, tableUrl } from "../lib/streams/runtime/query/wire.ts";
import {
  appOfStatusTopic,
  type AppStatus,
  STALE_MS,
  statusTopic,
  type WorkerStatus,
} from "../lib/views/mod.ts";

/** What somebody asks. */
export interface AppQuery {
  /** The application's id. */
  readonly app: string;
  readonly table: string;
  /** JSON, or text. */
  readonly key: string;
  /** Where the workers ask for one. */
  readonly token?: string | undefined;
  /** A worker that has not answered by then does not answer. @default 40_000 */
  readonly withinMs?: number;
}

/** The newest of every key of an application's status topic; undefined where there is none. */
export async function statusOf(
  kafka: Kafka,
  app: string,
): Promise<readonly (AppStatus | WorkerStatus)[] | undefined> {
  if (!await kafka.topics.exists(statusTopic(app))) {
    // To a user without rights nothing is there.
    await kafka.topics.mustBeAllowed("read", statusTopic(app));
    return undefined;
  }
  const records = await readAll<string | null, AppStatus | WorkerStatus>(kafka, statusTopic(app), {
    key: string,
    value: json(),
    // Somebody else's record there costs only itself.
    onDecodeError: "skip",
  });
  const newest = new Map(records.map(({ key, value }) => [key, value]));
  return [...newest.values()].filter((value) => value !== null);
}

/** The applications whose workers have published something. */
export async function knownApps(kafka: Kafka): Promise<readonly string[]> {
  const topics = await kafka.topics.list();
  return topics.flatMap((topic) => appOfStatusTopic(topic) ?? []).sort();
}

/**
 * Where the application's workers answer, the newest first.
 *
 * @throws {Error} If there is none to ask, with the reason
 */
export function serversOf(
  app: string,
  status: readonly (AppStatus | WorkerStatus)[] | undefined,
  { apps, nowMs, host }: {
    readonly apps: readonly string[];
    readonly nowMs: number;
    /** This machine's name. */
    readonly host: string;
  },
): readonly string[] {
  if (status === undefined) {
    const known = apps.length > 0 ? `there are: ${apps.join(", ")}` : "no worker has published any";
    throw new Error(`Cannot query "${app}": there is no such app (${known})`);
  }
  const workers = status.filter((one): one is WorkerStatus => one.kind === "worker")
    .filter(({ atMs }) => nowMs - atMs < STALE_MS).sort((a, b) => b.atMs - a.atMs);
  if (workers.length === 0) {
    throw new Error(`Cannot query "${app}": none of its workers runs (start one)`);
  }
  const answering = workers.filter(({ server }) => isHttp(server));
  if (answering.length === 0) {
    throw new Error(
      `Cannot query "${app}": its workers answer no queries (start them without server: false)`,
    );
  }
  const isOwn = (one: WorkerStatus) =>
    one.host === "" || one.host === host || !isLoopback(new URL(one.server!).hostname);
  const reachable = answering.filter(isOwn);
  if (reachable.length === 0) {
    throw new Error(
      `Cannot query "${app}": its workers answer only on their own machine, "${
        answering[0]!.host
      }" ` +
        "(ask there, or start them with --server HOST:PORT)",
    );
  }
  return reachable.map(({ server }) => server!);
}

function isHttp(server: unknown): boolean {
  return typeof server === "string" && URL.parse(server)?.protocol === "http:";
}

/** Longer than a worker waits for the task that has a key. */
const ANSWER_WITHIN_MS = 40_000;

/** Asks the first of the servers that answers. @throws {Error} With what it answered, or why none did */
export async function askApp(
  servers: readonly string[],
  query: AppQuery,
): Promise<readonly TableRow[]> {
  for (const server of servers) {
    const { rows, message } = await ask(server, query).catch((): QueryAnswer<TableRow> => ({}));
    if (rows) return rows;
    if (message !== undefined) throw new Error(message);
  }
  throw new Error(
    `Cannot query "${query.app}": its worker at ${servers.at(-1)} does not answer ` +
      "(it may just have ended; ask again)",
  );
}

async function ask(
  server: string,
  { app, table, key, token, withinMs = ANSWER_WITHIN_MS }: AppQuery,
): Promise<QueryAnswer<TableRow>> {
  const url = tableUrl(server, app, table);
  url.searchParams.set("text", key);
  const response = await fetch(url, {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    redirect: "error",
    signal: AbortSignal.timeout(withinMs),
  });
  return await readAnswer(response, isTableRow);
}

function isTableRow(row: unknown): row is TableRow {
  return typeof row === "object" && row !== null;
}
