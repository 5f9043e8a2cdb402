const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Text as bytes. */
export const text = (text: string): Uint8Array => encoder.encode(text);
/** Bytes as text, whatever they are. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/**
 * How many parts a value has: itself, and those of all that it holds; text and bytes count by their length, and a text
 * that stands at many places once: a topic's name is the same for all its partitions.
 */
export function partsOf(value: unknown): number {
  let parts = 0;
  const texts = new Set<string>();
  // By hand: it may be nested deeper than a function can call itself.
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    parts++;
    if (typeof one === "string") {
      if (!texts.has(one)) parts += one.length / 8;
      texts.add(one);
    } else if (one instanceof Uint8Array) parts += one.length / 8;
    else if (typeof one === "object" && one !== null) {
      for (const part of Object.values(one)) left.push(part);
    }
  }
  return parts;
}
