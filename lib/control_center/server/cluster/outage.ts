/** So long a part of the cluster may be away before it is Kafka that is: a leader that is lost is another's by then. */
const TOLD_AFTER_MS = 5_000;

/** What pages are told of a Kafka that does not answer. */
export class Outage {
  readonly #doesNotAnswer: string;
  #words: string | null = null;
  #wasThere = false;
  #failsSinceMs: number | undefined;

  /** @param where Addresses, as somebody wrote them. */
  constructor(where: readonly string[]) {
    this.#doesNotAnswer = `Kafka at ${where.join(", ")} does not answer`;
  }

  /** Why Kafka is not there; null when it is, or was a moment ago. */
  get words(): string | null {
    return this.#words;
  }

  /** Kafka answered everything. */
  answered(): void {
    this.#wasThere = true;
    this.#failsSinceMs = undefined;
    this.#words = null;
  }

  /**
   * Kafka did not answer, or not everything. One that has never answered is told of at once.
   *
   * @param error Why, where that is known. Words of ours are told as they are; of a socket's, none.
   */
  failed(atMs: number, error?: Error): void {
    this.#failsSinceMs ??= atMs;
    if (this.#wasThere && atMs - this.#failsSinceMs < TOLD_AFTER_MS) return;
    if (error?.message.startsWith("Cannot ")) this.#words = error.message;
    else this.#words ??= this.#doesNotAnswer;
  }
}
