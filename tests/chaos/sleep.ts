/** Resolves after so many milliseconds: for the time between two faults, never for a fact. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
