import { ports } from "./ports.ts";
import { kafkaSettings } from "./services.ts";
import { type Environment, textOf, yesOrNo } from "./values.ts";

/**
 * Reads whose names a program uses where learners share a Kafka: `TAXI_LEARNER`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { learnerOf } from "./learner.ts";
 * assert.equal(learnerOf(new Map([["TAXI_LEARNER", "ana"]])), "ana");
 * assert.equal(learnerOf(new Map()), undefined);
 * ```
 * @returns undefined when it is unset: names have no prefix then.
 * @throws {TypeError} If it could not stand in front of a topic's name.
 */
export function learnerOf(env: Environment = Deno.env): string | undefined {
  const text = textOf(env, "TAXI_LEARNER");
  if (text === undefined || /^[a-z][a-z0-9-]{0,29}$/.test(text)) return text;
  throw new TypeError(
    `Cannot use "${text}" as TAXI_LEARNER: it is not 1 to 30 lower-case letters, digits and hyphens ` +
      `(write one word, such as ana)`,
  );
}

/**
 * A name as this learner uses it: a topic, a group, an application's id or a subject. Twice is once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ownName } from "./learner.ts";
 * assert.equal(ownName("demo_1", "ana"), "ana.demo_1");
 * assert.equal(ownName("ana.demo_1", "ana"), "ana.demo_1");
 * assert.equal(ownName("demo_1", undefined), "demo_1");
 * ```
 */
export function ownName(name: string, learner: string | undefined = learnerOf()): string {
  if (learner === undefined || name.startsWith(`${learner}.`)) return name;
  return `${learner}.${name}`;
}

/** Ports that brokers of one checkout may have: three, each with its controller beside it. */
const OWN_PORTS = 7;

/**
 * The brokers, where they are not this checkout's own cluster: somebody else may use the same names there.
 *
 * `TAXI_OWN_KAFKA` says so or otherwise where the address does not tell, as in a container beside its broker.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { foreignKafka } from "./learner.ts";
 * assert.equal(foreignKafka(new Map()), undefined);
 * assert.equal(foreignKafka(new Map([["KAFKA_BROKERS", "localhost:9092"]])), undefined);
 * const kafka = ["KAFKA_BROKERS", "kafka:9092"] as const;
 * assert.equal(foreignKafka(new Map([kafka])), "kafka:9092");
 * assert.equal(foreignKafka(new Map([kafka, ["TAXI_OWN_KAFKA", "yes"]])), undefined);
 * ```
 * @returns undefined for this checkout's own.
 */
export function foreignKafka(env: Environment = Deno.env): string | undefined {
  const { brokers, local } = kafkaSettings(env), first = ports(env).kafka;
  const isOwn = (broker: string) => {
    const [, host, port] = broker.match(/^(.*):(\d+)$/) ?? [];
    const near = Number(port) >= first && Number(port) < first + OWN_PORTS;
    return (host === "localhost" || host === "127.0.0.1") && near;
  };
  const own = yesOrNo(env, "TAXI_OWN_KAFKA") ?? (local || brokers.every(isOwn));
  return own ? undefined : brokers.join(",");
}
