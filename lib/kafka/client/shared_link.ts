import { sleep } from "../../async/mod.ts";
import type { ErrorPlace } from "./errors.ts";
import { inPlainWords, isConnectionTrouble, lacksMetadata, refusal } from "./errors.ts";
import type { Notice } from "./notices.ts";
import { Waiting } from "./waiting.ts";

const PERSIST_MS = 30_000;
/** Another broker is in charge by now, or will be in a moment. */
const MOVED = /^(NOT_CONTROLLER|NOT_LEADER_FOR_PARTITION|LEADER_NOT_AVAILABLE)$/;

/** Something that holds connections. */
interface Connected {
  disconnect(): Promise<void>;
}

/** Connections that several requests share: made at the first, and again at the next one after they failed. */
export class SharedLink<C extends Connected> {
  readonly #open: () => Promise<C>;
  readonly #notify: (notice: Notice) => void;
  #now: Promise<C> | undefined;

  constructor(open: () => Promise<C>, notify: (notice: Notice) => void) {
    this.#open = open;
    this.#notify = notify;
  }

  /** The connections that are open now, or that are being opened. */
  get(): Promise<C> {
    return this.#now ??= this.#open();
  }

  /** Attempts something, again over a broker's restart, for at most half a minute. */
  async persist<T>(
    doing: string,
    place: ErrorPlace,
    attempt: (connected: C) => Promise<T>,
  ): Promise<T> {
    const deadlineMs = Date.now() + PERSIST_MS;
    const waiting = new Waiting(`To ${doing}`, this.#notify);
    for (;;) {
      const isFresh = this.#now === undefined, used = this.get();
      try {
        const result = await attempt(await used);
        waiting.over();
        return result;
      } catch (error) {
        const blind = lacksMetadata(error), code = refusal(error) ?? "";
        const moved = MOVED.test(code);
        // kafkajs may remember a topic that somebody has deleted, and then misses it whatever it is asked.
        const stale = !isFresh && code === "UNKNOWN_TOPIC_OR_PARTITION";
        const failed = inPlainWords(error, doing, place);
        if (!blind && !moved && !stale && !isConnectionTrouble(error)) throw failed;
        await this.drop(used);
        if (Date.now() > deadlineMs) throw failed;
        waiting.afterError(error, failed);
        if (blind || moved) await sleep(100);
      }
    }
  }

  /** Closes connections, by default those that are open now; others that were opened since stay. */
  async drop(used: Promise<C> | undefined = this.#now): Promise<void> {
    if (this.#now === used) this.#now = undefined;
    try {
      await (await used)?.disconnect();
    } catch {
      // It never connected: there is nothing to close.
    }
  }
}
