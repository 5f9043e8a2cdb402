/**
 * The table of lib/streams/README.md. `deno run -A tests/words/words.ts` writes it.
 *
 * @module
 */
import { join } from "node:path";
import { LEFT_OUT } from "./kafka_streams.ts";
import { GROUP_WORDS } from "./group_words.ts";
import { PROCESSOR_WORDS } from "./processor_words.ts";
import { SOURCE_WORDS } from "./source_words.ts";
import { STREAM_WORDS } from "./stream_words.ts";
import { TABLE_WORDS } from "./table_words.ts";
import type { Word } from "./word.ts";
import { WORKER_WORDS } from "./worker_words.ts";

/** Every row, as the table has them. */
export const WORDS: readonly Word[] = [
  ...SOURCE_WORDS,
  ...STREAM_WORDS,
  ...GROUP_WORDS,
  ...TABLE_WORDS,
  ...PROCESSOR_WORDS,
];

/** Where the table stands. */
export const README = join(import.meta.dirname!, "../../lib/streams/README.md");

const BEGIN = "<!-- words: written by tests/words/words.ts -->\n", END = "<!-- end of words -->\n";

/** The page with the table as it should be. */
export function withTable(page: string): string {
  const [before, rest] = page.split(BEGIN), [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) {
    throw new Error(`Cannot find the table in ${README} (put ${BEGIN} and ${END} around it)`);
  }
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = WORDS.map(({ kafka, ours }) => `| ${cell(kafka)} | ${cell(ours)} |\n`);
  const none = Object.entries(LEFT_OUT).map(([kafka, why]) =>
    `| ${cell(kafka)} | ${cell(why)} |\n`
  );
  return [
    ...[before, BEGIN, "| Kafka Streams | here |\n|---|---|\n", ...rows],
    ...["\n| Kafka Streams, running it | here |\n|---|---|\n"],
    ...WORKER_WORDS.map(({ kafka, ours }) => `| ${cell(kafka)} | ${cell(ours)} |\n`),
    ...["\n| has no word here | because |\n|---|---|\n", ...none, END, after],
  ].join("");
}

if (import.meta.main) await Deno.writeTextFile(README, withTable(await Deno.readTextFile(README)));
