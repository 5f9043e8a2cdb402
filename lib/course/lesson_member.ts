import { fileURLToPath } from "node:url";
import { Notifier } from "../async/mod.ts";
import type { ConsumerOptions } from "../kafka/mod.ts";
import { type Child, end, here, type Platform } from "../platform/mod.ts";
import { folders } from "../settings/mod.ts";
import type { MemberAssignment } from "../views/mod.ts";

/** What a member in a process of its own reads, and how; as for `consumer()`. */
export interface MemberReads extends
  Pick<
    ConsumerOptions<unknown, number>,
    | "group"
    | "topics"
    | "from"
    | "maxWaitMs"
    | "sessionTimeoutMs"
    | "heartbeatMs"
    | "instanceId"
    | "groupProtocol"
  > {
  /** Readable name of the member. */
  readonly name: string;
}

/** How to start a {@linkcode LessonMember}. */
export interface LessonMemberOptions
  extends MemberReads, Pick<ConsumerOptions<unknown, number>, "onAssignment" | "onRevocation"> {}

/** A record that a member works on. */
export interface MemberRecord {
  /** Number of its partition, from 0. */
  readonly partition: number;
  /** Its offset there. */
  readonly offset: number;
  /** For how long it is worked on, in milliseconds. */
  readonly value: number;
}

/** What the process is told at its start. */
export interface MemberOrder {
  readonly brokers: readonly string[];
  readonly reads: MemberReads;
}

/** What it tells, a line each. */
export type MemberWord =
  | { readonly now: "working" | "frozen" }
  | { readonly assigned: MemberAssignment }
  | { readonly left: MemberAssignment }
  | { readonly begun: MemberRecord }
  | { readonly done: MemberRecord }
  | { readonly failed: string };

const PROGRAM = fileURLToPath(new URL("./member_program.ts", import.meta.url));

/** A member of a group as a process of its own, which can be frozen. */
export class LessonMember {
  /** Its readable name. */
  readonly name: string;
  /** The system's number of its process. */
  readonly pid: number;
  /** Records that it has begun to work on, the newest last. */
  readonly begun: MemberRecord[] = [];
  /** Those it is done with. */
  readonly done: MemberRecord[] = [];
  readonly #child: Child;
  readonly #options: LessonMemberOptions;
  readonly #changed = new Notifier();
  readonly #heard: Promise<void>;
  #now: "starting" | "working" | "frozen" | "ended" = "starting";
  #failed = "";
  #assignment: MemberAssignment | undefined;

  /** Use `LessonCluster.startMember()`. */
  constructor(child: Child, options: LessonMemberOptions) {
    this.#child = child;
    this.#options = options;
    this.name = options.name;
    this.pid = child.pid;
    this.#heard = this.#hear();
  }

  /** What it owned when it last said so: a frozen one says nothing, and does not know what the group has done. */
  get assignment(): MemberAssignment | undefined {
    return this.#assignment;
  }

  /** Waits until it knows its partitions. @throws {Error} If it cannot join. */
  async joined(): Promise<void> {
    await this.#until("working", "start");
  }

  /**
   * Lets its thread stand still in the middle of its work, as a closed lid or a long garbage collection does: no
   * heartbeat, no read, no commit; its connections stay open. Resolves when it does.
   *
   * Not by `SIGSTOP`, which Windows has not, and which would also stop what ends the process when its kernel is gone.
   */
  async freeze(): Promise<void> {
    await this.#tell("freeze");
    await this.#until("frozen", "freeze");
  }

  /** Lets it go on where it stood. */
  async thaw(): Promise<void> {
    await this.#tell("thaw");
    await this.#until("working", "thaw");
  }

  /** Ends it at once, also a frozen one: the group misses it when its session is over. */
  async close(): Promise<void> {
    await end(this.#child, 0);
    await this.#heard;
  }

  async #tell(word: "freeze" | "thaw"): Promise<void> {
    await this.#child.write(new TextEncoder().encode(`${word}\n`));
  }

  async #until(now: "working" | "frozen", doing: string): Promise<void> {
    while (this.#now !== now) {
      if (this.#now === "ended") {
        throw new Error(`Cannot ${doing} member ${this.name}: ${this.#failed || "it has ended"}`);
      }
      await this.#changed.wait();
    }
  }

  async #hear(): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of this.#child.stdout) {
      const lines = (text + decoder.decode(bytes, { stream: true })).split("\n");
      text = lines.pop()!;
      for (const line of lines) this.#take(JSON.parse(line));
      this.#changed.notify();
    }
    this.#now = "ended";
    this.#changed.notify();
  }

  #take(word: MemberWord): void {
    if ("now" in word) this.#now = word.now;
    else if ("begun" in word) this.begun.push(word.begun);
    else if ("done" in word) this.done.push(word.done);
    else if ("failed" in word) {
      this.#failed = word.failed;
      this.#child.kill();
    } else this.#own(word);
  }

  #own(word: { readonly assigned: MemberAssignment } | { readonly left: MemberAssignment }): void {
    const { onAssignment, onRevocation } = this.#options;
    this.#assignment = "assigned" in word ? word.assigned : word.left;
    if ("assigned" in word) onAssignment?.(word.assigned);
    else onRevocation?.(word.left);
  }
}

/** Starts a member; it may not have joined yet. */
export async function spawnMember(
  brokers: readonly string[],
  options: LessonMemberOptions,
  platform: Platform = here,
): Promise<LessonMember> {
  const { onAssignment: _, onRevocation: _2, ...reads } = options;
  const order: MemberOrder = { brokers, reads };
  const child = await platform.spawn(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "--no-prompt", `--config=${folders().root}/deno.json`],
      ...[PROGRAM, JSON.stringify(order)],
    ],
    input: "piped",
    output: "piped",
    errors: "ours",
  });
  return new LessonMember(child, options);
}
