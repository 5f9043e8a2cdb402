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

const ANNOUNCES_NOTHING: Announcement = { tasks: [], standbys: [], server: null };
const NOTHING: TaskInformation = { standbys: [], servers: [] };

/** What a worker announces, as text. */
export function announcement(given: Announcement): string {
  return JSON.stringify(given);
}

/** Reads what members announced; a member that announced nothing has nothing. */
export function applicantsOf(candidates: readonly Candidate[]): (Applicant & Announcement)[] {
  return candidates.map(({ memberId, announced }) => ({
    member: memberId,
    ...ANNOUNCES_NOTHING,
    ...(announced === "" ? {} : JSON.parse(announced) as Announcement),
  }));
}

/** What the leader tells a worker, as text. */
export function information(given: TaskInformation): string {
  return JSON.stringify(given);
}

/** Reads what the leader told; nothing where it told nothing. */
export function informationOf(text: string): TaskInformation {
  return { ...NOTHING, ...(text === "" ? {} : JSON.parse(text) as TaskInformation) };
}
