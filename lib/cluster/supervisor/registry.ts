const ASK_WITHIN_MS = 5_000;

/** The rule that lets consumers with a new schema read what producers wrote with the old one. */
export const COMPATIBILITY = "BACKWARD";

/** Headers of each request: what the registry behind its door wants to see. */
type Sent = Readonly<Record<string, string>>;

/** Asks a registry for its global compatibility; undefined while it does not answer as one. */
export async function compatibilityOf(
  url: string,
  headers: Sent = {},
): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/config`, {
      headers,
      signal: AbortSignal.timeout(ASK_WITHIN_MS),
    });
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
export async function setBackward(url: string, headers: Sent = {}): Promise<void> {
  const response = await fetch(`${url}/config`, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ compatibility: COMPATIBILITY }),
    signal: AbortSignal.timeout(ASK_WITHIN_MS),
  });
  await response.body?.cancel();
  const now = await compatibilityOf(url, headers);
  if (now === COMPATIBILITY) return;
  throw new Error(
    `Cannot set the registry's compatibility to "${COMPATIBILITY}": it answers "${now}" (run "deno task reset")`,
  );
}
