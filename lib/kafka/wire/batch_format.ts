/**
 * Where what stands in a record batch of magic 2, the only one since Kafka 0.11.
 *
 * @see The record batch section of Kafka's protocol guide
 *
 * @module
 */

/** What a batch takes besides its records. */
export const BATCH_HEADER_BYTES = 61;

/** The number of this format. */
export const MAGIC = 2;

/** Where every format has its length, counted from behind it, and its magic. */
export const LENGTH_AT = 8, BEFORE_LENGTH_BYTES = 12, MAGIC_AT = 16;

/** Bits of the attributes: the number of a codec, then flags. */
export const CODEC = 0x07, LOG_APPEND_TIME = 0x08, TRANSACTIONAL = 0x10, CONTROL = 0x20;
