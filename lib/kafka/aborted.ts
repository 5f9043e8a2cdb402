/** A record as kafkajs decodes it, as far as transactions go. */
export interface TransactionalMessage {
  key: Uint8Array | null;
  readonly offset: string;
  /** The end of a transaction, written by the broker; its key says how it ended. */
  readonly isControlRecord?: boolean;
  /** Of the batch it came in. */
  batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

/** What a broker answered about one partition, as kafkajs decodes it. */
export interface TransactionalPart {
  readonly messages: readonly TransactionalMessage[];
  abortedTransactions?: readonly AbortedFrom[] | null;
}

interface AbortedFrom {
  readonly producerId: string;
  /** Its records from here on do not count, up to its marker. */
  readonly firstOffset: string;
}

/** No producer's number is negative. */
const NOBODY = "-1";

/**
 * Makes kafkajs leave out exactly the records of aborted transactions.
 *
 * kafkajs takes the list of them as sorted by first offset and begins one a record. Brokers sort by last offset, and a
 * read may begin behind several first offsets: with more than one transactional producer on a partition, records of
 * aborted transactions come through. Here they are found as Kafka's own consumer does it, and handed over under one
 * name that kafkajs drops from the first record on.
 *
 * @see Fetcher's `aborted` transactions in KIP-98
 */
export function markAborted(part: TransactionalPart): void {
  const waiting = [...part.abortedTransactions ?? []]
    .sort((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  if (waiting.length === 0) return;
  const givenUp = new Set<string>();
  for (const message of part.messages) {
    const { batchContext } = message;
    if (!batchContext) continue;
    while (waiting[0] && Number(waiting[0].firstOffset) <= Number(message.offset)) {
      givenUp.add(waiting.shift()!.producerId);
    }
    const { producerId, inTransaction } = batchContext;
    if (message.isControlRecord) {
      givenUp.delete(producerId);
      continue;
    }
    const aborted = inTransaction && givenUp.has(producerId);
    message.batchContext = aborted
      ? { producerId: NOBODY, inTransaction: true }
      : { producerId, inTransaction: false };
    // kafkajs takes a key of four zero bytes for the end of a transaction.
    if (aborted) message.key = null;
  }
  part.abortedTransactions = [{ producerId: NOBODY, firstOffset: "0" }];
}
