/** Someone who takes a turn in every round. */
export interface Player<T> {
  readonly peer: string;
  readonly turn: () => Promise<T>;
}

/** One player's turns, one a round; or why there are none. */
export interface Played<T> {
  readonly peer: string;
  readonly turns: readonly T[];
  readonly missing?: string;
}

/**
 * Lets players take turns, round by round, so that a busy moment of the machine hits all alike.
 *
 * Who begins goes round. A peer that fails is told as missing, with the reason; our own failing is an error: ours are
 * all whose name begins with `ours`.
 */
export async function takeTurns<T>(
  players: readonly Player<T>[],
  rounds: number,
): Promise<readonly Played<T>[]> {
  const all = players.map((player) => ({ ...player, turns: [] as T[], missing: "" }));
  for (let round = 0; round < rounds; round++) {
    for (let next = 0; next < all.length; next++) {
      const player = all[(next + round) % all.length]!;
      if (player.missing !== "") continue;
      try {
        player.turns.push(await player.turn());
      } catch (error) {
        if (player.peer.startsWith("ours")) throw error;
        player.missing = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return all.map(({ peer, turns, missing }) => ({ peer, turns, ...(missing && { missing }) }));
}
