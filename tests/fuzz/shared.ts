/** Where the thread tells what it is doing: how many inputs it began; decoder, length and bytes of the last. */
export const SHARED = { begun: 0, target: 1, length: 2, bytes: 12 } as const;
