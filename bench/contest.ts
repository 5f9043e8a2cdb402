import type { Engine } from "./engines/engine.ts";
import type { Ground } from "./ground.ts";
import { expected, type Question } from "./load/expected.ts";
import { type Run, run } from "./probe/run.ts";
import { type Played, takeTurns } from "./turns.ts";

/** An engine and how many records it gets: all of them the same, but for one that would take all day. */
export interface Contender {
  readonly engine: Engine;
  readonly records: number;
  readonly question: Question;
}

/** Lets engines take turns; everything that a run made in Kafka and on disk is dropped before the next. */
export function contest(
  ground: Ground,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Played<Run>[]> {
  const players = contenders.map((one) => {
    let prepared: Promise<void> | undefined;
    return {
      peer: one.engine.peer,
      turn: async () => {
        await (prepared ??= one.engine.prepare());
        return await once(ground, one);
      },
    };
  });
  return takeTurns(players, rounds);
}

/** One run in a clean place. */
async function once(ground: Ground, { engine, records, question }: Contender): Promise<Run> {
  const source = question.what === "distinct"
    ? await ground.loadKeys(records, question.keys)
    : await ground.load(records);
  const id = `bench-${crypto.randomUUID().slice(0, 8)}`, folder = await Deno.makeTempDir();
  try {
    if (question.what === "branch") {
      for (const side of ["high", "low"]) await ground.kafka.topics.create(`${id}-${side}`);
    }
    const job = { question, id, source, records, folder };
    return await run(ground, engine, { job, expected: expected(question, records) });
  } finally {
    await ground.drop(id);
    await Deno.remove(folder, { recursive: true });
  }
}
