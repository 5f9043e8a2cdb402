import { sleep } from "../../async/mod.ts";
import type { Cluster } from "../transport/broker.ts";
import type { ErrorPlace } from "./errors.ts";
import { inPlainWords, isConnectionTrouble, KafkaError, refusal } from "./errors.ts";
import type { Notice } from "./notices.ts";
import { Waiting } from "./waiting.ts";

const PERSIST_MS = 30_000;
/** Another broker is in charge by now, or will be in a moment. */
const MOVED =
  /COORDINATOR|^(NOT_CONTROLLER|NOT_LEADER_FOR_PARTITION|LEADER_NOT_AVAILABLE|GROUP_LOAD_IN_PROGRESS)$/;

/** Connections that several requests share: made at the first, and again at the next one after they failed. */
export class SharedLink {
  readonly #open: () => Cluster;
  readonly #notify: (notice: Notice) => void;
  #now: Cluster | undefined;

  constructor(open: () => Cluster, notify: (notice: Notice) => void) {
    this.#open = open;
    this.#notify = notify;
  }

  /** The connections that are open now, or that are being opened. */
  get(): Cluster {
    return this.#now ??= this.#open();
  }

  /** Attempts something, again over a broker's restart, for at most half a minute. */
  async persist<T>(
    doing: string,
    place: ErrorPlace,
    attempt: (cluster: Cluster) => Promise<T>,
  ): Promise<T> {
    const deadlineMs = Date.now() + PERSIST_MS;
    const waiting = new Waiting(`To ${doing}`, this.#notify);
    for (;;) {
      const used = this.get();
      try {
        const result = await attempt(used);
        waiting.over();
        return result;
      } catch (error) {
        const moved = (error instanceof KafkaError && error.retriable) ||
          MOVED.test(refusal(error) ?? "");
        const failed = inPlainWords(error, doing, place);
        if (!moved && !isConnectionTrouble(error)) throw failed;
        await this.drop(used);
        if (Date.now() > deadlineMs) throw failed;
        waiting.afterError(error, failed);
        if (moved) await sleep(100);
      }
    }
  }

  /** Closes connections, by default those that are open now; others that were opened since stay. */
  async drop(used: Cluster | undefined = this.#now): Promise<void> {
    if (this.#now === used) this.#now = undefined;
    await used?.close().catch(() => {}); // It never connected: there is nothing to close.
  }
}
