/** A time of day as people read it: `00:02:37`, without seconds where they are zero everywhere. */
export function clockTime(ms: number, { seconds = true } = {}): string {
  // The day before it is longer for years beyond 9999.
  return new Date(ms).toISOString().slice(-13, seconds ? -5 : -8);
}

/** A length of time as people say it: `45 s`, `2 min 30 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const all = Math.round(ms / 1000);
  const parts = [[Math.floor(all / 3600), "h"], [Math.floor(all / 60) % 60, "min"], [
    all % 60,
    "s",
  ]];
  const told = parts.filter(([n]) => n !== 0).slice(0, 2).map(([n, unit]) => `${n} ${unit}`);
  return told.join(" ") || "0 s";
}
