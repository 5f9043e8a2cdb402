/**
 * What `deno task doctor` and `deno task status` see when they really connect and log in.
 *
 * @module
 */
import { connect as openSocket } from "node:net";
import { deadline } from "../lib/async/mod.ts";
import { type Finding, fromError } from "../lib/cluster/mod.ts";
import { type Environment, kafkaSettings } from "../lib/settings/mod.ts";
import { clusterOffers, connect, type Kafka, KafkaError } from "../lib/kafka/mod.ts";

/** What is wrong is said within four seconds; our own cluster is there, however long a busy machine takes. */
const ANSWER_TIMEOUT_MS = { other: 3_000, local: 10_000 };
/** What never answers takes half a minute to close. */
const CLOSE_TIMEOUT_MS = 300;
/** The topic of the course's first commands. */
const FIRST_TOPIC = "demo_1";

/**
 * Connects as the environment says: which Kafka answers, what it lacks, and whether this user may do anything there;
 * else what is wrong and the one fix.
 *
 * @param options.answerTimeoutMs How long it may take to answer. @default 3000, of our own cluster 10_000
 */
export async function askKafka(
  env: Environment = Deno.env,
  options: { readonly answerTimeoutMs?: number } = {},
): Promise<Finding[]> {
  try {
    const settings = kafkaSettings(env), { brokers, local } = settings;
    const { answerTimeoutMs = ANSWER_TIMEOUT_MS[local ? "local" : "other"] } = options;
    const kafka = await connect({ settings, onNotice: () => {}, answerTimeoutMs });
    const late = () =>
      new KafkaError(
        `Cannot ask Kafka at "${brokers}" what it offers: it does not answer any more ` +
          "(look at the log of its controller)",
      );
    try {
      return await deadline(ask(kafka, { local, answerTimeoutMs }), answerTimeoutMs, late);
    } finally {
      await deadline(kafka.close(), CLOSE_TIMEOUT_MS, late).catch(() => {});
    }
  } catch (error) {
    return [{ topic: "brokers", ...fromError(error) }];
  }
}

async function ask(
  kafka: Kafka,
  { local, answerTimeoutMs }: { readonly local: boolean; readonly answerTimeoutMs: number },
): Promise<Finding[]> {
  const addresses = (await kafka.brokers()).map(({ address }) => address);
  for (const address of addresses) {
    if (await answers(address, answerTimeoutMs / 2)) continue;
    throw new KafkaError(
      `Cannot reach each broker: one of ${addresses.length} says that it is at "${address}", and ` +
        "there is no answer (start it, or set its advertised.listeners to an address that this " +
        "machine can reach)",
    );
  }
  const { protocol, lacks, unusable } = await clusterOffers(kafka);
  const found = `${addresses.join(", ")} ${addresses.length > 1 ? "answer" : "answers"}, ` +
    `speaking the protocol of Kafka ${protocol}`;
  const brokers = { topic: "brokers", ok: !unusable, says: [found, ...lacks].join("; ") };
  if (unusable) return [{ ...brokers, fix: "name a Kafka of 2.8 or newer in KAFKA_BROKERS" }];
  return local ? [brokers] : [brokers, { topic: "rights", ...await rights(kafka) }];
}

/** Whether a connection to there comes about. */
function answers(address: string, timeoutMs: number): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = openSocket(Number(address.slice(colon + 1)), address.slice(0, colon));
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** A broker shows a user only what he may use: who sees nothing at all can do nothing. */
async function rights(kafka: Kafka): Promise<Omit<Finding, "topic">> {
  try {
    await kafka.topics.mustBeAllowed("write to", FIRST_TOPIC);
    return { ok: true, says: `this user may use topic "${FIRST_TOPIC}"` };
  } catch (error) {
    const seen = await kafka.topics.list();
    if (seen.length === 0) return fromError(error);
    return {
      ok: true,
      says: `this user may not use topic "${FIRST_TOPIC}", but ${seen.length} others: ` +
        "name them with --topic",
    };
  }
}
