import { deadline, sleep } from "../../async/mod.ts";
import type { KafkaSettings } from "../../settings/mod.ts";
import { type Cluster, metadataOf } from "../transport/broker.ts";
import type { RetryOptions } from "../transport/kafkajs_cluster.ts";
import { handshakeRefusal, knock } from "../transport/sockets.ts";
import type { BrokerAddress } from "../wire/api/topic_metadata.ts";
import { certainProblem, contactProblem } from "./contact.ts";
import { tlsOptions } from "./credentials.ts";
import { KafkaError } from "./errors.ts";
import type { Notice } from "./notices.ts";
import { Waiting } from "./waiting.ts";

/** What a client has of its own. */
export interface ClientOptions {
  /** @default that of the connection */
  readonly clientId?: string;
  /** Which brokers it asks first. @default those of the settings */
  readonly brokers?: readonly string[];
  /** @default it keeps trying */
  readonly retry?: RetryOptions;
}

/** A producer or consumer keeps trying until told to stop: a broker's restart takes as long as it takes. */
export const KEEP_TRYING: RetryOptions = {
  retries: 1_000_000,
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  factor: 0.2,
  multiplier: 2,
};

/** Retries of one question to the cluster; the caller decides whether to ask again. */
export const TRY_BRIEFLY: RetryOptions = { ...KEEP_TRYING, retries: 4 };

/** How long a connection may take. */
export const CONTACT_TIMEOUT_MS = 3_000;

/** What is wrong is said within four seconds; our own cluster is there, however long a busy machine takes. */
const FIRST_ANSWER_TIMEOUT_MS = 3_000, ANSWER_TIMEOUT_MS = 10_000;

/** At a first contact it is decided here whom to ask again, and when. */
const TRY_ONCE: RetryOptions = { ...KEEP_TRYING, retries: 0 }, PAUSES_MS = [50, 100, 200];

/** How long a refusal of a handshake may take, where a broker closes a connection and does not say why. */
const REFUSAL_MS = 500;

/** One that answers is enough, and one of a few will. */
const MOST_ASKED = 3;

/** Where a first contact is made, and with what. */
interface FirstContact {
  readonly settings: KafkaSettings;
  readonly cluster: (options: ClientOptions) => Cluster;
  /** The connections for all later questions, which stay open; `first` is a broker that answers. */
  readonly link: (first: string) => Cluster;
  readonly notify: (notice: Notice) => void;
  /** How long what listens there may take to answer, at first and at each later question. */
  readonly timeoutMs: number | undefined;
}

/** Attempts at an answer. */
interface Attempts {
  /** Told why one did not succeed. */
  readonly failed: (error: unknown) => void;
  /** Ends them. */
  readonly signal: AbortSignal;
}

/**
 * Makes sure, within seconds, that Kafka answers there.
 *
 * @throws {KafkaError} In words what is wrong: with the address, with what listens there, or with where it sends us on.
 */
export async function firstContact(contact: FirstContact): Promise<void> {
  const { settings, timeoutMs } = contact, { brokers, local } = settings;
  const unreachable = unreachableAt(settings);
  const failures = await Promise.all(brokers.map((one) => knock(one, CONTACT_TIMEOUT_MS)));
  const open = brokers.filter((_, n) => failures[n] === undefined);
  if (open.length === 0) throw unreachable(failures[0]!);
  // kafkajs goes to the brokers that are named by this one at once, and tells not why it cannot.
  const { first, nodes } = await answer(
    contact,
    timeoutMs ?? (local ? ANSWER_TIMEOUT_MS : FIRST_ANSWER_TIMEOUT_MS),
    (attempts) => Promise.any(open.map((one) => advertised(one, contact, attempts))),
  );
  const addresses = nodes.map(({ host, port }) => `${host}:${port}`);
  const silent = await Promise.all(addresses.map((one) => knock(one, CONTACT_TIMEOUT_MS)));
  const sentOn = (why: string) =>
    unreachable(
      `it says that its broker is at "${addresses[0]}", and there: ${why}`,
      "set its advertised.listeners to an address that this machine can reach",
    );
  if (silent.every((failure) => failure !== undefined)) throw sentOn(silent[0]!);
  await answer(contact, timeoutMs ?? ANSWER_TIMEOUT_MS, async () => {
    const link = contact.link(first);
    const there = nodes.filter((_, n) => silent[n] === undefined).slice(0, MOST_ASKED);
    const asked = there.map(({ nodeId }) => (
      metadataOf({ anyBroker: () => link.broker(nodeId) }, [])
    ));
    await Promise.any(asked).catch((error) => {
      throw brokers.includes(addresses[0]!) ? error : sentOn(contactProblem(error, settings).why);
    });
  });
}

/** Where the brokers say that they are: one is asked, and again where that may tell more. */
async function advertised(
  first: string,
  { settings, cluster: open }: FirstContact,
  { failed, signal }: Attempts,
): Promise<{ readonly first: string; readonly nodes: readonly BrokerAddress[] }> {
  for (let n = 0;; n++) {
    const cluster = open({ brokers: [first], retry: TRY_ONCE });
    const close = () => void cluster.close().catch(() => {});
    signal.addEventListener("abort", close);
    try {
      return { first, nodes: (await metadataOf(cluster, [])).brokers };
    } catch (error) {
      failed(error);
      if (certainProblem(error, settings)) throw error;
      const refusal = n === 0 ? await refusalOf(first, settings) : undefined;
      if (refusal || n >= PAUSES_MS.length) throw refusal ?? error;
      await sleep(PAUSES_MS[n]!, signal);
    } finally {
      signal.removeEventListener("abort", close);
      close();
    }
  }
}

/** Why TLS is refused there, where that is the reason. */
async function refusalOf(broker: string, settings: KafkaSettings): Promise<Error | undefined> {
  const tls = tlsOptions(settings);
  const refusal = tls && await handshakeRefusal(broker, tls, REFUSAL_MS);
  return refusal && certainProblem(refusal, settings) ? refusal : undefined;
}

/** What is answered in time; in words what is wrong where nothing is. */
async function answer<T>(
  { settings, notify }: FirstContact,
  timeoutMs: number,
  ask: (attempts: Attempts) => Promise<T>,
): Promise<T> {
  const over = new AbortController(), unreachable = unreachableAt(settings);
  const inWords = (error: unknown) => {
    const { why, fix } = contactProblem(error, settings);
    return unreachable(why, fix);
  };
  const waiting = new Waiting(`Connecting to Kafka at ${settings.brokers.join()}`, notify);
  waiting.begin();
  // Where the error comes within three seconds, it is the one line.
  const tells = timeoutMs > FIRST_ANSWER_TIMEOUT_MS;
  const timer = tells ? setInterval(() => waiting.still(), 500) : undefined;
  let late = () =>
    unreachable(`something listens there, but has not answered within ${timeoutMs / 1_000} s`);
  const failed = (error: unknown) => late = () => inWords(error);
  try {
    return await deadline(ask({ failed, signal: over.signal }), timeoutMs, () => late());
  } catch (error) {
    throw error instanceof KafkaError ? error : inWords(error);
  } finally {
    over.abort();
    clearInterval(timer);
  }
}

function unreachableAt(
  { brokers, local }: KafkaSettings,
): (why: string, fix?: string) => KafkaError {
  const usual = local ? 'run "deno task up"' : "is KAFKA_BROKERS right?";
  return (why, fix = usual) =>
    new KafkaError(`Cannot reach Kafka at "${brokers.join(",")}": ${why} (${fix})`, {
      retriable: true,
    });
}
