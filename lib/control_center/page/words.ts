// Numbers and times in words.

/** 12345 -> "12,345"; what is not known is a dash. */
export const count = (number: number | null | undefined): string =>
  number === null || number === undefined ? "–" : number.toLocaleString("en");

/** topic of one, topics of all other numbers. */
export const plural = (number: number | null | undefined, word: string): string =>
  number === 1 ? word : `${word}s`;

/** 1 topic, 2 topics. */
export const many = (number: number | null | undefined, word: string): string =>
  `${count(number)} ${plural(number, word)}`;

/** An event's time in UTC, as the windows of a key are written; milliseconds where there are any. */
export function eventTime(ms: number): string {
  const at = new Date(ms);
  return Number.isNaN(at.getTime())
    ? String(ms)
    : at.toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
}
