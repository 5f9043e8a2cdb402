import { bodyText, LongAnswerError, sleep } from "../async/mod.ts";
import { isLoopback, revealed, type Secret } from "../settings/mod.ts";
import { RegistryError } from "./errors.ts";

/** How to reach a registry; `registrySettings()` of lib/settings has this shape. */
export interface RegistryOptions {
  /** Base URL of the Confluent-compatible API. */
  readonly url: string;
  /** True where `deno task up` is what starts it. @default true for an address of this machine */
  readonly local?: boolean;
  /** Basic auth. */
  readonly username?: string;
  /** Basic auth; empty when unset. */
  readonly password?: string | Secret;
  /** How long one request may take. @default 5000; 15000 to change something: a cold registry takes long over its first schema */
  readonly timeoutMs?: number;
  /** How long a request that fails for a passing reason is tried again, until it succeeds. @default 4000 */
  readonly retryForMs?: number;
}

/** One request: what is asked, in the words of the error message. */
export interface RegistryRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base URL, with its slash; parts encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** `register the schema of subject "rides-value"`. */
  readonly action: string;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** A thousand subjects with their schemas need a tenth of it. */
const LONGEST_ANSWER_BYTES = 16 * 2 ** 20;
const CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

/**
 * Makes the function that sends one request and returns the JSON of its answer.
 *
 * A refused connection, a hung or a 5xx answer is tried again, with growing pauses, until `retryForMs` has passed;
 * an answer of 4xx is final. With the defaults a question ends within 9 s and a change within 19 s, whatever the registry does.
 *
 * @throws {RegistryError} (the function) With the one usual fix.
 */
export function registryFetch(
  options: RegistryOptions,
): (request: RegistryRequest) => Promise<unknown> {
  const { retryForMs = 4_000 } = options;
  return async (request) => {
    const { timeoutMs = request.method === undefined ? 5_000 : 15_000 } = options;
    const giveUpAtMs = performance.now() + retryForMs;
    for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await send(request, { ...options, timeoutMs });
      } catch (error) {
        const again = error instanceof RegistryError && error.retriable;
        if (!again || performance.now() + pauseMs > giveUpAtMs) throw error;
      }
      await sleep(pauseMs);
    }
  };
}

async function send(
  { method = "GET", path, body, action }: RegistryRequest,
  options: RegistryOptions & { readonly timeoutMs: number },
): Promise<unknown> {
  const { url, timeoutMs } = options;
  let response: Response, text: string;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: headers(options, body !== undefined),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: "manual", // The login is for this address and for no other.
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await bodyText(response, LONGEST_ANSWER_BYTES);
  } catch (cause) {
    if (!(cause instanceof LongAnswerError)) throw unreachable(options, cause);
    throw new RegistryError(
      `Cannot ${action}: the answer of "${url}" is longer than ` +
        `${
          LONGEST_ANSWER_BYTES / 2 ** 20
        } MB (is SCHEMA_REGISTRY_URL the address of a schema registry?)`,
      { retriable: false },
    );
  }
  return parse(response, text, { url, action, loggedIn: options.username !== undefined });
}

function headers({ username, password = "" }: RegistryOptions, hasBody: boolean): Headers {
  const all = new Headers({ accept: `${CONTENT_TYPE}, application/json` });
  if (hasBody) all.set("content-type", CONTENT_TYPE);
  if (username !== undefined) {
    const login = new TextEncoder().encode(`${username}:${revealed(password)}`);
    all.set("authorization", `Basic ${login.toBase64()}`);
  }
  return all;
}

function unreachable({ url, local, timeoutMs }: RegistryOptions, cause: unknown): RegistryError {
  const reason = (cause as Error).name === "TimeoutError"
    ? `no answer within ${timeoutMs} ms`
    : networkReason(rootMessage(cause));
  return new RegistryError(
    `Cannot reach the schema registry at "${url}": ${reason} ` +
      `(${
        local ?? isLoopback(URL.parse(url)?.hostname ?? "")
          ? 'run "deno task up"'
          : "is SCHEMA_REGISTRY_URL right?"
      })`,
    {
      retriable: true,
      cause,
    },
  );
}

/** The runtime says "fetch failed" and keeps the reason in the cause. */
function rootMessage(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? rootMessage(cause) : message;
}

function networkReason(message: string): string {
  if (/refused/i.test(message)) return "connection refused";
  if (/dns|lookup/i.test(message)) return "its host name is unknown";
  return message.replace(/^.*\): /, "");
}

function parse(
  response: Response,
  text: string,
  { url, action, loggedIn }: {
    readonly url: string;
    readonly action: string;
    readonly loggedIn: boolean;
  },
): unknown {
  const { status, headers } = response;
  const json = /[/+]json\b/.test(headers.get("content-type") ?? "") ? parseJson(text) : undefined;
  const answer = json as { error_code?: number; message?: string } | undefined;
  if (response.ok && json !== undefined) return json;
  const details = {
    status,
    ...(typeof answer?.error_code === "number" && { errorCode: answer.error_code }),
    // A page where JSON belongs comes from something that stands in the registry's place for now.
    retriable: status >= 500 || status === 429 || response.ok,
  };
  const said = answer?.message ? `: ${answer.message.slice(0, 1_000)}` : "";
  if (status === 401 || status === 403 && !loggedIn) {
    throw new RegistryError(
      `Cannot ${action}: the registry at "${url}" refused the login, HTTP ${status} ` +
        `(${loggedIn ? "check" : "set"} SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD)`,
      details,
    );
  }
  if (status === 403) {
    throw new RegistryError(
      `Cannot ${action}: the registry at "${url}" does not allow it to this user, HTTP 403` +
        `${said} (have the right granted to the user of SCHEMA_REGISTRY_USERNAME)`,
      details,
    );
  }
  if (answer === undefined) {
    const kind = headers.get("content-type")?.split(";")[0] ?? "no content type";
    throw new RegistryError(
      `Cannot ${action}: "${url}" answered HTTP ${status} with ${kind}, not JSON ` +
        "(is SCHEMA_REGISTRY_URL the address of a schema registry?)",
      details,
    );
  }
  throw new RegistryError(
    `Cannot ${action}: the registry at "${url}" answered HTTP ${status}${said}`,
    details,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
