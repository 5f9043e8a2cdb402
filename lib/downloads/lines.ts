/** Cuts bytes into lines of text; the last line counts also without a newline. */
export class TextLineStream implements TransformStream<Uint8Array<ArrayBuffer>, string> {
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;

  constructor() {
    let rest = "";
    const cut = new TransformStream<string, string>({
      transform(text, out) {
        const lines = (rest + text).split(/\r?\n/);
        rest = lines.pop()!;
        for (const line of lines) out.enqueue(line);
      },
      flush(out) {
        if (rest !== "") out.enqueue(rest);
      },
    });
    const decoder = new TextDecoderStream();
    this.readable = decoder.readable.pipeThrough(cut);
    this.writable = decoder.writable as WritableStream<Uint8Array<ArrayBuffer>>;
  }
}
