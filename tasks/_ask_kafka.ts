/**
 * What `deno task doctor` and `deno task status` see when they really connect and log in.
 *
 * @module
 */
import type { Finding } from "../lib/cluster/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { clusterOffers, connect } from "../lib/kafka/mod.ts";

/** What is wrong is said within four seconds; our own cluster is there, however long a busy machine takes. */
const ANSWER_TIMEOUT_MS = { other: 3_000, local: 10_000 };

/** Connects as the environment says. Says which Kafka answers, and what it lacks; else what is wrong and the one fix. */
export async function askKafka(): Promise<Finding> {
  const topic = "brokers";
  try {
    const settings = kafkaSettings();
    const answerTimeoutMs = ANSWER_TIMEOUT_MS[settings.local ? "local" : "other"];
    await using kafka = await connect({ settings, onNotice: () => {}, answerTimeoutMs });
    const { protocol, lacks } = await clusterOffers(kafka);
    const addresses = (await kafka.brokers()).map(({ address }) => address).join(", ");
    const found = `${addresses} ${addresses.includes(",") ? "answer" : "answers"}, ` +
      `speaking the protocol of Kafka ${protocol}`;
    return { topic, ok: true, says: [found, ...lacks].join("; ") };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, says = message, fix = "run it again with TAXI_DEBUG=1"] =
      message.match(/^(.*) \(([^()]*)\)$/s) ?? [];
    return { topic, ok: false, says, fix };
  }
}
