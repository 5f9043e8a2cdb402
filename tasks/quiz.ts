/** `deno task quiz [NN…]`: the question bank in a terminal; `--anki FILE` writes it as cards. */
import { keepChoice, lectures, QUESTION_BANK } from "../lib/course/mod.ts";
import { ankiOf, askAll, summaryOf } from "./_quiz.ts";
import { callerPath, door, open } from "./_door.ts";

await open(
  door("quiz", "Asks the questions of the course in the terminal; the first choice counts.")
    .argument("[notebooks...]", "numbers, such as 04; none means all that the course has")
    .allowExcessArguments(true)
    .option("--anki <file>", "write the questions as cards for Anki instead of asking them")
    .action(async (wanted: string[], { anki }: { readonly anki?: string }) => {
      const names = wanted.length > 0 ? wanted : (await lectures()).map((one) => one.notebook.name);
      const numbers = new Set(names.map((word) => word.padStart(2, "0").slice(0, 2)));
      const questions = QUESTION_BANK.filter(({ notebook }) => numbers.has(notebook));
      if (questions.length === 0) {
        const there = [...new Set(QUESTION_BANK.map(({ notebook }) => notebook))].sort();
        throw new Error(
          `Cannot ask about "${wanted.join('", "')}": there are questions about ${
            there.join(", ")
          }`,
        );
      }
      if (anki !== undefined) {
        await Deno.writeTextFile(callerPath(anki), ankiOf(questions));
        console.log(`${questions.length} cards in ${anki}: in Anki, File > Import`);
        return;
      }
      const lines = linesOf(Deno.stdin.readable);
      const choose = async () => (await lines.next()).value ?? null;
      const round = await askAll(questions, choose, console.log, keepChoice);
      console.log(`\n${summaryOf(round)}`);
    }),
);

/** Lines as they are typed; the last one may have no end. */
async function* linesOf(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const text of input.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
