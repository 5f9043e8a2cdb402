import type { Engine } from "./engines/engine.ts";
import type { Ground } from "./ground.ts";
import { expected, type Question } from "./load/expected.ts";
import { type Run, run } from "./probe/run.ts";

/** An engine and how many records it gets: all of them the same, but for one that would take all day. */
export interface Contender {
  readonly engine: Engine;
  readonly records: number;
  readonly question: Question;
}

/** The runs of one contender, one a round; or why there are none. */
export interface Outcome {
  readonly peer: string;
  readonly records: number;
  readonly runs: readonly Run[];
  readonly missing?: string;
}

/**
 * Lets engines take turns, round by round, so that a busy moment of the machine hits all alike.
 *
 * Everything that a run made in Kafka and on disk is dropped before the next. The turn goes round: no engine always
 * comes first. A peer that cannot be installed or fails is told as missing; our own failing is an error.
 */
export async function contest(
  ground: Ground,
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Outcome[]> {
  const outcomes = contenders.map(({ engine, records }) => ({
    peer: engine.peer,
    records,
    runs: [] as Run[],
    missing: undefined as string | undefined,
  }));
  const attempt = async (at: number, work: () => Promise<void>) => {
    const outcome = outcomes[at]!;
    if (outcome.missing !== undefined) return;
    await work().catch((error) => {
      if (outcome.peer.startsWith("ours")) throw error;
      outcome.missing = error instanceof Error ? error.message : String(error);
    });
  };
  for (const [at, { engine }] of contenders.entries()) await attempt(at, () => engine.prepare());
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (turn + round) % contenders.length;
      await attempt(at, async () => {
        outcomes[at]!.runs.push(await once(ground, contenders[at]!));
      });
    }
  }
  return outcomes.map(({ missing, ...outcome }) => ({ ...outcome, ...(missing && { missing }) }));
}

/** One run in a clean place. */
async function once(ground: Ground, { engine, records, question }: Contender): Promise<Run> {
  const source = await ground.load(records);
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
