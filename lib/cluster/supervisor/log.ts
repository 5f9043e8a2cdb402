/** Half of what one log may take: the file and the one before it. */
const FILE_BYTES = 10_000_000;
const TAIL_BYTES = 64_000;

/** A log file readable by its owner only, that never grows past 20 MB and remembers its end. */
export class RotatingLog {
  readonly path: string;
  readonly #fileBytes: number;
  #file: Deno.FsFile;
  #bytes: number;
  #tail = "";

  constructor(path: string, fileBytes = FILE_BYTES) {
    this.path = path;
    this.#fileBytes = fileBytes;
    this.#file = open(path);
    this.#bytes = this.#file.statSync().size;
  }

  /** Appends text; begins a new file when this one is full. */
  write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#tail = (this.#tail + text).slice(-TAIL_BYTES);
    try {
      if (this.#bytes + bytes.length > this.#fileBytes && this.#bytes > 0) this.#rotate();
      this.#file.writeSync(bytes);
      this.#bytes += bytes.length;
    } catch {
      // A full disk stops the broker; it must not stop the supervisor that has to say so.
    }
  }

  /** Forgets what earlier processes said. */
  begin(): void {
    this.#tail = "";
  }

  /** The last lines of the process that writes now. */
  get lines(): string[] {
    return this.#tail.split(/\r?\n/).filter((line) => line.trim() !== "");
  }

  close(): void {
    this.#file.close();
  }

  #rotate(): void {
    this.#file.close();
    try {
      Deno.renameSync(this.path, `${this.path}.1`);
    } finally {
      this.#file = open(this.path);
      this.#bytes = this.#file.statSync().size;
    }
  }
}

function open(path: string): Deno.FsFile {
  return Deno.openSync(path, { append: true, create: true, mode: 0o600 });
}
