/** Keeps a megabyte every tenth of a second when `LEAK` is set: the control of rows that watch memory. */
export function leakIfTold(): void {
  if (Deno.env.get("LEAK") === undefined) return;
  const kept: Uint8Array[] = [];
  setInterval(() => kept.push(new Uint8Array(1 << 20).fill(1)), 100);
}
