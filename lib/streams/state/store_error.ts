/**
 * What goes wrong with rows on disk.
 *
 * @module
 */

/** Rows cannot be read or written: the disk is full, or the file is damaged. No record is to blame. */
export class StoreError extends Error {
  /** The word before the message wherever the error is printed. */
  override readonly name = "StoreError";

  /** @internal */
  constructor(
    message: string,
    /** Whether the rows are worth nothing, and are restored from the changelog when they are next opened. */
    readonly damaged: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
