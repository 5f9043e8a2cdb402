/** The longest line that is read; a longer one is cut after one character more, so that it can be told. */
export const LONGEST_LINE = 65_536;

/**
 * Splits UTF-8 bytes into lines, a list for each piece of bytes, in constant memory.
 *
 * Lines end in LF or CRLF, mixed as they may be; the last need not end. A byte order mark is taken off,
 * bytes that are not UTF-8 become U+FFFD. A file without line ends costs no more than `LONGEST_LINE`.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!.slice(0, LONGEST_LINE + 1);
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== "") yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
