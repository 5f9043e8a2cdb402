/**
 * Looks again at once where a cluster that was there refuses: a leader that moves does so once, and that is no news.
 *
 * @param wasThere Whether it answered the last time; of one that did not, the first refusal is told.
 * @throws What the last look throws.
 */
export async function secondLook<T>(look: () => Promise<T>, wasThere: boolean): Promise<T> {
  return await look().catch((error) => {
    if (!wasThere) throw error;
    return look();
  });
}
