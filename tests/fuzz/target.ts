/** A decoder of bytes that strangers write, as the fuzzer tries it. */
export interface Target {
  /** What `deno task fuzz` calls it; also the name of its folder in the corpus. */
  readonly name: string;
  /** Inputs that it reads without an error. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Decodes.
   *
   * @returns How many parts it made of the bytes: records, fields, items, characters.
   * @throws Only what `errors` matches
   */
  readonly decode: (bytes: Uint8Array) => number | Promise<number>;
  /** Its own errors, as `name: message`. */
  readonly errors: RegExp;
  /** Most parts that so many bytes may become. @default 32 for each byte, and 1,000 */
  readonly most?: (bytes: number) => number;
  /** Makes right what is checked first, such as a checksum: few changed inputs would get past it. */
  readonly seal?: (bytes: Uint8Array) => Uint8Array;
  /** Words of its language, which are put into inputs. @default none: it is binary */
  readonly words?: readonly string[];
}

/** What is wrong with a decoder, and the input that shows it. */
export interface Finding {
  readonly target: string;
  readonly why: string;
  readonly input: Uint8Array;
}

const mostParts = (bytes: number) => 32 * bytes + 1_000;

/** What came of one input. */
export interface Outcome {
  /** Inputs of one mark took the same way through the decoder, as far as can be seen from outside. */
  readonly mark: string;
  /** Undefined where the decoder did what it should. */
  readonly why?: string;
}

/** Decodes one input and judges what came of it. */
export async function tryInput(target: Target, input: Uint8Array): Promise<Outcome> {
  try {
    const made = target.decode(input), parts = typeof made === "number" ? made : await made;
    const most = (target.most ?? mostParts)(input.length);
    const mark = `ok ${Math.ceil(Math.log2(parts + 1))}`;
    if (parts <= most) return { mark };
    return {
      mark: `too many ${mark}`,
      why: `${input.length} bytes became ${parts} parts, more than ${most}`,
    };
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const mark = said.slice(0, 300).replace(/"[^"]*"|\d+/g, "#");
    if (target.errors.test(said)) return { mark };
    const stack = error instanceof Error ? error.stack?.split("\n").slice(1, 4).join("\n") : "";
    return { mark: `foreign ${mark}`, why: `${said}\n${stack}` };
  }
}
