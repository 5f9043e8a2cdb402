import { here, type Platform } from "./platform.ts";

/** How long a file that somebody else has open is tried again. */
const BUSY_FOR_MS = 1_000;
const TRY_EVERY_MS = 20;

/**
 * Tells whether a change of a file failed as somebody else has it open, which passes: on Windows a virus scanner, an
 * indexer or OneDrive opens whatever was just written.
 */
export function isBusy(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.Busy ||
    (error instanceof Error && "code" in error &&
      ["EBUSY", "EPERM", "EACCES", "ENOTEMPTY"].includes(`${error.code}`));
}

/**
 * Tries a change of files again for a second while somebody else has one of them open.
 *
 * @throws What the last try threw, or at once what trying again cannot help.
 */
export async function whileBusy<T>(change: () => Promise<T> | T): Promise<T> {
  const deadlineMs = performance.now() + BUSY_FOR_MS;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    }
  }
}

/** How to replace a file. */
export interface ReplaceOptions {
  /** Who may read and write it, where the system knows such. @default 0o644 */
  readonly mode?: number;
  /** System whose `rename` is used. @default this machine's */
  readonly platform?: Platform;
  /** How long a rename is tried again. @default 1_000 */
  readonly busyForMs?: number;
}

/**
 * Writes a small file that others see whole or not at all: written beside and renamed. Where the rename fails for a
 * second, or no second copy finds room on the disk, it is written in place.
 *
 * @throws If it cannot be written in place either.
 */
export function replaceFile(
  path: string,
  text: string,
  options: ReplaceOptions = {},
): void {
  const { mode = 0o644, platform = here, busyForMs = BUSY_FOR_MS } = options;
  const draft = `${path}.${Deno.pid}.part`;
  try {
    Deno.writeTextFileSync(draft, text, { mode });
    renameWhileBusy(draft, path, { platform, busyForMs });
  } catch (error) {
    removeIfThere(draft);
    if (!isBusy(error) && !isDiskFull(error)) throw error;
    // A full disk has room for what takes the place of as many bytes; a file that does not exist finds none.
    using file = Deno.openSync(path, { write: true, create: !isDiskFull(error), mode });
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    file.truncateSync(bytes.length);
  }
}

/** Waits without letting anything else run: a change of state must be on disk before the next one. */
function renameWhileBusy(
  from: string,
  to: string,
  { platform, busyForMs }: Required<Omit<ReplaceOptions, "mode">>,
): void {
  const deadlineMs = performance.now() + busyForMs;
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return platform.rename(from, to);
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadlineMs) throw error;
      Atomics.wait(never, 0, 0, TRY_EVERY_MS);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not made, or somebody looks at it: it is replaced at the next write.
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "ENOSPC" || error.code === "EDQUOT");
}
