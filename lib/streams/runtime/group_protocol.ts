/**
 * What workers of one application tell each other through their group.
 *
 * @module
 */
import type { Candidate } from "../../kafka/engine.ts";
import type { Applicant } from "./assign_tasks.ts";
import type { ServerAddress } from "./query/queries.ts";

/** What a worker tells the leader when it joins. */
export interface Announcement {
  /** Names of the tasks it runs, opening ones too. */
  readonly tasks: readonly string[];
  /** Names of the tasks whose rows it keeps an up-to-date copy of. */
  readonly standbys: readonly string[];
  /** Where it answers queries; null where it does not. */
  readonly server: ServerAddress | null;
}

/** What the leader tells a worker beside its partitions. */
export interface TaskInformation {
  /** Names of the tasks whose rows it is to keep a copy of. */
  readonly standbys: readonly string[];
  /** Where each worker answers queries, and names of the tasks that it is to run. */
  readonly servers: readonly {
    readonly server: ServerAddress | null;
    readonly tasks: readonly string[];
  }[];
}

/** What a worker announces, as text. */
export function announcement(given: Announcement): string {
  return JSON.stringify(given);
}

/**
 * Reads what members announced; a member that announced nothing has nothing.
 *
 * A foreign program in the group may announce anything: what is no announcement counts as nothing.
 */
export function applicantsOf(candidates: readonly Candidate[]): (Applicant & Announcement)[] {
  return candidates.map(({ memberId, announced }) => {
    const { tasks, standbys, server } = fieldsOf(announced);
    return {
      member: memberId,
      tasks: namesIn(tasks),
      standbys: namesIn(standbys),
      server: serverIn(server),
    };
  });
}

/** What the leader tells a worker, as text. */
export function information(given: TaskInformation): string {
  return JSON.stringify(given);
}

/** Reads what the leader told; nothing where it told nothing. */
export function informationOf(text: string): TaskInformation {
  const { standbys, servers } = fieldsOf(text);
  return {
    standbys: namesIn(standbys),
    servers: (Array.isArray(servers) ? servers : []).map((one) => {
      const { server, tasks } = fieldsIn(one);
      return { server: serverIn(server), tasks: namesIn(tasks) };
    }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(text: string): Fields {
  try {
    return fieldsIn(JSON.parse(text || "{}"));
  } catch {
    return {};
  }
}

function fieldsIn(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** An address that can be asked, and nothing else than a host and a port. */
function serverIn(value: unknown): ServerAddress | null {
  const { url, host } = fieldsIn(value);
  const isAddress = typeof url === "string" && typeof host === "string" &&
    /^http:\/\/[^/?#@\\]+$/.test(url) && URL.canParse(url);
  return isAddress ? { url, host } : null;
}
