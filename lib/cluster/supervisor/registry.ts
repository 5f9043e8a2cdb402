const ASK_WITHIN_MS = 5_000;

/** The rule that lets consumers with a new schema read what producers wrote with the old one. */
export const COMPATIBILITY = "BACKWARD";

/** Asks a registry for its global compatibility; undefined while it does not answer as one. */
export async function compatibilityOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/config`, { signal: AbortSignal.timeout(ASK_WITHIN_MS) });
    const answer = await response.json() as { compatibilityLevel?: string };
    return response.ok ? answer.compatibilityLevel : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sets a registry's global compatibility to BACKWARD and reads it back.
 *
 * @throws {Error} If it answers anything else afterwards.
 */
export async function setBackward(url: string): Promise<void> {
  const response = await fetch(`${url}/config`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ compatibility: COMPATIBILITY }),
    signal: AbortSignal.timeout(ASK_WITHIN_MS),
  });
  await response.body?.cancel();
  const now = await compatibilityOf(url);
  if (now === COMPATIBILITY) return;
  throw new Error(
    `Cannot set the registry's compatibility to "${COMPATIBILITY}": it answers "${now}" (run "deno task reset")`,
  );
}
