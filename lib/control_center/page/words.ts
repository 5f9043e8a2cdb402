// Numbers with their words.

/** 12345 -> "12,345"; what is not known is a dash. */
export const count = (number: number | null | undefined): string =>
  number === null || number === undefined ? "–" : number.toLocaleString("en");

/** topic of one, topics of all other numbers. */
export const plural = (number: number | null | undefined, word: string): string =>
  number === 1 ? word : `${word}s`;

/** 1 topic, 2 topics. */
export const many = (number: number | null | undefined, word: string): string =>
  `${count(number)} ${plural(number, word)}`;
