import { Buffer } from "node:buffer";

/** Bytes in front of an answer that say how long it is. */
const SIZE_BYTES = 4;
/** No answer of Kafka's is longer; what other servers say first (`HTTP`, `SSH-`, a TLS alert) would be. */
const MOST_BYTES = 2 ** 28;

/** Room for an answer before its bytes come: four of them may claim 256 MB. Kafka's largest need no more. */
const FIRST_ROOM_BYTES = 2 ** 24;

/**
 * Cuts the bytes that come over one connection into answers.
 *
 * A long answer is put together in one buffer of its size as its parts come, so that no more than it and one part are
 * held at a time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 * import { AnswerFrames } from "./response_frames.ts";
 * const frames = new AnswerFrames();
 * assert.deepEqual(frames.take(Buffer.from([0, 0, 0, 2, 7])), []);
 * assert.deepEqual(frames.take(Buffer.from([8, 0, 0])), [Buffer.from([7, 8])]);
 * ```
 */
export class AnswerFrames {
  #size = 0;
  /** How many bytes of the size have come. */
  #sizeBytes = 0;
  /** The answer that is under way, once its size is known and it was not all there. */
  #begun: Buffer | undefined;
  #filled = 0;

  /** Returns the answers that these bytes complete; the bytes may be overwritten afterwards. @throws {RangeError} If this cannot be Kafka */
  take(bytes: Buffer): Buffer[] {
    const complete: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#sizeBytes < SIZE_BYTES) {
        this.#size = this.#size * 256 + bytes[at++]!;
        if (++this.#sizeBytes === SIZE_BYTES) this.#checkSize();
        continue;
      }
      const part = bytes.subarray(at, at + this.#size - this.#filled);
      at += part.length;
      const answer = this.#add(part);
      if (answer) complete.push(answer);
    }
    return complete;
  }

  #checkSize(): void {
    if (this.#size <= MOST_BYTES) return;
    throw new RangeError(
      `Cannot read an answer of ${this.#size} bytes: Kafka's are not longer than ${MOST_BYTES}`,
    );
  }

  /** Gives the answer if it is complete with this part. */
  #add(part: Buffer): Buffer | undefined {
    const size = this.#size;
    const answer = withRoom(this.#begun, this.#filled + part.length, size);
    answer.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < size) {
      this.#begun = answer;
      return undefined;
    }
    this.#size = this.#sizeBytes = this.#filled = 0;
    this.#begun = undefined;
    return answer;
  }
}

/** A buffer for so many bytes: the one that there is, or a larger one with the same beginning. */
function withRoom(before: Buffer | undefined, bytes: number, most: number): Buffer {
  if (before && before.length >= bytes) return before;
  const room = before ? Math.max(2 * before.length, bytes) : Math.max(FIRST_ROOM_BYTES, bytes);
  const after = Buffer.allocUnsafeSlow(Math.min(room, most));
  if (before) after.set(before);
  return after;
}
