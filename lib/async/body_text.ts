/** An HTTP response is longer than its reader allows; it might never end. */
export class LongAnswerError extends Error {
  /** Always `LongAnswerError`. */
  override readonly name = "LongAnswerError";
}

/**
 * Reads the body of an HTTP response as text, up to `maxBytes`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bodyText } from "./body_text.ts";
 * assert.equal(await bodyText(new Response("rows"), 4), "rows");
 * await assert.rejects(bodyText(new Response("rows"), 3), { message: "the answer is longer than 3 bytes" });
 * ```
 * @throws {LongAnswerError} If the body is longer; the rest of it is not read.
 */
export async function bodyText({ body }: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "", bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) {
      throw new LongAnswerError(`the answer is longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
