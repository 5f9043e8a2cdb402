/** Words of the course, each with the cell that explains it: no notebook uses one before. */
import assert from "node:assert/strict";
import { type Cell, lectures } from "../lib/course/mod.ts";

/** A word: the cell in which it stands bold and is explained, and the forms in which it is used. */
type Word = readonly [word: string, cell: string, forms: string];

/** In the order of the course. Everyday words are looked for only where they can mean nothing else. */
const GLOSSARY: readonly Word[] = [
  ["record", "00#objectives", "records?"],
  ["key", "00#objectives", "keys?"],
  ["topic", "00#objectives", "topics?"],
  ["offset", "00#objectives", "offsets?"],
  ["producer", "00#objectives", "producers?"],
  ["consumer", "00#objectives", "consumers?"],
  ["broker", "00#objectives", "brokers?"],
  ["cluster", "00#objectives", "clusters?"],
  ["registry", "00#world", "(?:schema )?registr(?:y|ies)"],
  ["partitions", "01#objectives", "partitions?"],
  ["pace", "02#objectives", "the pace"],
  ["acknowledgement", "02#objectives", "acknowledge\\w*|acks?"],
  ["partitioner", "02#objectives", "partitioners?"],
  ["hash", "02#objectives", "hash\\w*"],
  ["group", "03#objectives", "(?:consumer )?groups?"],
  ["members", "03#objectives", "members?"],
  ["commit", "03#objectives", "commits?|committed"],
  ["lag", "03#objectives", "lag"],
  ["seek", "03#objectives", "seek\\w*"],
  ["assignment", "04#objectives", "assignments?"],
  ["rebalance", "04#objectives", "rebalanc\\w*"],
  ["At least once", "05#objectives", "at[- ]least[- ]once"],
  ["At most once", "05#objectives", "at[- ]most[- ]once"],
  ["Idempotent", "05#objectives", "idempoten\\w*"],
  ["worker", "05#crash", "workers?"],
  ["schema", "06#objectives", "schemas?"],
  ["Avro", "06#objectives", "Avro"],
  ["payload", "06#objectives", "payloads?"],
  ["subject", "07#objectives", "subjects?"],
  ["compatibility mode", "07#objectives", "compatibility modes?"],
  ["writer's schema", "08#objectives", "writer's schema"],
  ["reader's schema", "08#objectives", "reader's schema"],
  ["schema resolution", "08#objectives", "schema resolution"],
  ["alias", "08#objectives", "alias(?:es)?"],
  ["Transitive", "08#objectives", "transitiv\\w*"],
  ["stream", "09#objectives", "streams?"],
  ["changelog", "09#objectives", "changelogs?"],
  ["topology", "09#objectives", "topolog\\w+"],
  ["agent", "09#objectives", "agents?"],
  ["tombstone", "09#ex-1", "tombstones?"],
  ["Repartition", "10#objectives", "repartition\\w*"],
  ["Restore", "10#objectives", "restor(?:e|es|ed|ing)"],
  ["hot partition", "10#objectives", "hot partitions?"],
  ["branch", "11#objectives", "branch\\w*"],
  ["poison record", "11#objectives", "poison\\w*"],
  ["dead-letter topic", "11#objectives", "dead[- ]letters?"],
  ["window", "12#objectives", "windows?(?! (?:closes|opens) )"],
  ["Tumbling", "12#objectives", "tumbling"],
  ["Event time", "12#objectives", "event times?"],
  ["processing time", "12#objectives", "processing time"],
  ["Stream time", "13#objectives", "stream time"],
  ["Grace", "13#objectives", "grace"],
  ["late", "13#objectives", "late (?:records?|ones)"],
  ["wall clock", "13#grace", "wall clock"],
  ["Exactly once", "14#objectives", "exactly[- ]once"],
  ["transaction", "14#objectives", "transaction\\w*"],
  ["Read committed", "14#objectives", "read[- ]committed"],
  ["fence", "14#objectives", "fenc(?:e|es|ed|ing)"],
  ["last stable offset", "14#ghost-look", "last stable offset"],
  ["stream–table join", "15#objectives", "stream[–-]table joins?"],
  ["co-partitioned", "15#objectives", "co-partition\\w*"],
  ["versioned table", "15#objectives", "versioned"],
  ["join window", "16#objectives", "join windows?"],
  ["foreign key", "16#objectives", "foreign[- ]keys?"],
  ["global table", "16#objectives", "global tables?"],
  ["stores", "16#window", "(?:the|a|its|each|own|two|of) stores?"],
  ["State", "17#objectives", "states?"],
  ["checkpoint", "17#objectives", "checkpoints?"],
  ["standby", "17#objectives", "standb\\w+"],
  ["processor", "18#objectives", "processors?"],
  ["timer", "18#objectives", "timers?"],
  ["flaky", "19#objectives", "flaky"],
  ["property", "19#objectives", "propert(?:y|ies)"],
  ["mutant", "19#objectives", "mutants?"],
  ["application id", "20#objectives", "application ids?"],
  ["reprocess", "20#objectives", "reprocess\\w*"],
  ["rolling restart", "20#objectives", "rolling restarts?"],
];

/** A sentence may name what another notebook explains, if it says which. */
const POINTER = /\bnotebook \d\d?\b/;

/** What a learner reads: no code, no addresses of links. */
function sentences(cell: Cell): string[] {
  const prose = cell.source.replace(/```.*?```/gs, "").replace(/`[^`]*`/g, "…")
    .replace(/\]\([^)]*\)/g, "]");
  return prose.split(/(?<=[.?!])\s+|\n+/);
}

/** The prose of the course in its order, up to notebook 20; titles and last cells name other notebooks. */
const cells = (await lectures()).filter(({ notebook }) => notebook.name < "21")
  .flatMap(({ notebook }) =>
    notebook.cells.filter(({ kind, id }) => kind === "markdown" && id !== "title" && id !== "next")
      .map((cell) => ({ name: `${notebook.name.slice(0, 2)}#${cell.id}`, cell }))
  );

Deno.test("each word of the glossary stands bold in the cell that explains it", () => {
  const wrong = GLOSSARY.filter(([word, at]) => {
    const found = cells.find(({ name }) => name === at);
    return !found?.cell.source.includes(`**${word}**`);
  });
  assert.deepEqual(wrong.map(([word, at]) => `${at}: ${word}`), []);
});

Deno.test("each new word of notebooks 14 to 20 is in the glossary", () => {
  const known = new Set(GLOSSARY.map(([word]) => word.toLowerCase()));
  // Said once more, in other words, or an everyday word that only its sentence explains.
  const others = ["left", "right", "store", "changelog", "kills", "reset"];
  const missing = cells.filter(({ name }) => name >= "14" && name.endsWith("#objectives"))
    .flatMap(({ name, cell }) => {
      const [, words = ""] = cell.source.split(/New words\./);
      return [...words.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => `${name}: ${word}`);
    }).filter((one) => {
      const word = one.split(": ")[1]!.toLowerCase();
      return !known.has(word) && !others.includes(word);
    });
  assert.deepEqual(missing, []);
});

Deno.test("no notebook uses a word before it is explained, unless it says where that is", () => {
  const wrong = GLOSSARY.flatMap(([word, at, forms]) => {
    const used = new RegExp(`\\b(?:${forms})\\b`, "i");
    const before = cells.slice(0, cells.findIndex(({ name }) => name === at));
    return before.flatMap(({ name, cell }) =>
      sentences(cell).filter((one) => used.test(one) && !POINTER.test(one))
        .map((one) => `${word} in ${name}: ${one}`)
    );
  });
  assert.deepEqual(wrong, []);
});
