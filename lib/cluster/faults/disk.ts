import { statfs } from "node:fs/promises";

/** What a broker needs to start and to go on for a while. */
export const LEAST_FREE_BYTES = 500e6;

/** Bytes a normal user may still write where this folder is. */
export async function freeBytes(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}
