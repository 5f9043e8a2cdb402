import { fileURLToPath } from "node:url";

/** Path of `data/rides.csv`: a day of 10,000 made-up rides in the TLC's format (see `data/README.md`). */
export function sampleFile(): string {
  return fileURLToPath(new URL("../../data/rides.csv", import.meta.url));
}
