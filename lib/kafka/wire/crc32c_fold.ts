/**
 * Makes long bytes short without changing their CRC-32C, sixteen bytes a step.
 *
 * A CRC is what is left of a message that is divided by a polynomial, so any multiple of that polynomial may be added
 * to the message. The polynomial of CRC-32C divides x^209 + x^144 + x^54 + x^39 + x^14 + 1, and therefore this one's
 * 128th power, in which each exponent is 128 times as large. 128 bits are a block of 16 bytes: one may be set to zero
 * where it is added to five of the 209 blocks behind it. All but the last 209 blocks go that way.
 *
 * JavaScript has no numbers of 128 bits, WebAssembly has.
 *
 * @see Sam Russell, "Chorba: A novel CRC32 implementation", arXiv 2412.16398
 * @module
 */

const BLOCK_BYTES = 16, DEGREE = 209, EXPONENTS = [144, 54, 39, 14, 0];
const WINDOW_BYTES = DEGREE * BLOCK_BYTES;
/** Bytes that are copied and folded at once: few enough for the processor's first cache. */
const PART_BYTES = 16_384;
/** Shorter ones are not worth it. */
const LEAST_BYTES = 6_144;

/** For each block from `from` to `end`: adds the five at the exponents, counted from it, to the next block at `to`. */
type AddBlocks = (to: number, from: number, end: number) => void;

/** Where it is done; made when it is first needed. */
interface Workspace {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly addBlocks: AddBlocks;
}
let workspace: Workspace | undefined;

/**
 * The bytes that are left: at most 210 blocks, valid until the next call. Their division begins with 0, as the -1 of a
 * CRC's beginning is in them. Undefined where there is nothing to gain.
 */
export function fold(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  if (to - from < LEAST_BYTES) return undefined;
  const { bytes: room, words, addBlocks } = workspace ??= makeWorkspace();
  room.fill(0, 0, WINDOW_BYTES);
  let at = from, length = 0;
  while (to - at >= WINDOW_BYTES + BLOCK_BYTES) {
    // In front of a part stand the 209 blocks before it, with all that was added to them.
    room.copyWithin(0, length, length + WINDOW_BYTES);
    length = Math.min(PART_BYTES, to - at - WINDOW_BYTES) & -BLOCK_BYTES;
    room.set(bytes.subarray(at, at + length), WINDOW_BYTES);
    if (at === from) words[WINDOW_BYTES / 4]! ^= -1; // as if the remainder began with -1
    addBlocks(WINDOW_BYTES, 0, length);
    at += length;
  }
  // The last 209 blocks get what is still to be added to them, and add nothing to one another.
  const zerosAt = length + WINDOW_BYTES, lastAt = zerosAt + WINDOW_BYTES;
  room.fill(0, zerosAt, lastAt).set(bytes.subarray(at, to), lastAt);
  addBlocks(lastAt, length, zerosAt);
  return room.subarray(lastAt, lastAt + to - at);
}

/**
 * Memory with a function of WebAssembly, which is assembled here as it is one loop long.
 *
 * @see The WebAssembly specification, "Binary Format"
 */
function makeWorkspace(): Workspace {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const I32 = 0x7f, FUNCTION = 0x60, NO_RESULT = 0x40, ALIGNED_16 = 4;
  const [to, from, end] = [0, 1, 2].map((local) => [0x20, local]) as [number[], number[], number[]];
  const load = (offset: number) => [0xfd, 0x00, ALIGNED_16, ...leb128(offset)];
  const store = [0xfd, 0x0b, ALIGNED_16, 0], xor = [0xfd, 0x51];
  const step = (local: number) => [0x20, local, 0x41, BLOCK_BYTES, 0x6a, 0x21, local];
  const loop = [0x03, NO_RESULT], isLess = 0x49, repeatIf = [0x0d, 0], done = 0x0b;
  const code = [
    ...loop,
    ...[...to, ...to, ...load(0)],
    ...EXPONENTS.flatMap((exponent) => [...from, ...load(exponent * BLOCK_BYTES), ...xor]),
    ...store,
    ...[...step(0), ...step(1), ...from, ...end, isLess, ...repeatIf],
    ...[done, done],
  ];
  const section = (id: number, bytes: number[]) => [id, ...leb128(bytes.length), ...bytes];
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const body = [0, ...code]; // no locals beside the parameters
  const module = new WebAssembly.Module(
    new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, FUNCTION, 3, I32, I32, I32, 0]),
      ...section(2, [1, ...name("here"), ...name("memory"), 2, 0, 1]),
      ...section(3, [1, 0]),
      ...section(7, [1, ...name("addBlocks"), 0, 0]),
      ...section(10, [1, ...leb128(body.length), ...body]),
    ]),
  );
  const { addBlocks } = new WebAssembly.Instance(module, { here: { memory } }).exports;
  return {
    bytes: new Uint8Array(memory.buffer),
    words: new Int32Array(memory.buffer),
    addBlocks: addBlocks as AddBlocks,
  };
}

/** An unsigned number as WebAssembly writes it: 7 bits a byte, least significant first. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...leb128(value >>> 7)];
}
