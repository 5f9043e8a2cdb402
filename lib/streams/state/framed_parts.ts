/**
 * Several byte strings in one, behind a head of a known length: each with its length (4) before it.
 *
 * @module
 */

/** Writes the head and the parts. */
export function joinParts(head: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, head.length));
  const view = new DataView(bytes.buffer);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Reads the parts behind a head, as views. */
export function partsOf(bytes: Uint8Array, headBytes: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  for (let at = headBytes; at < bytes.length; at += 4 + parts.at(-1)!.length) {
    parts.push(bytes.subarray(at + 4, at + 4 + view.getUint32(at)));
  }
  return parts;
}
