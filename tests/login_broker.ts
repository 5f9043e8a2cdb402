/**
 * A broker that asks who you are, beside a listener for everybody; gone afterwards whatever happens.
 *
 * @module
 */
import assert from "node:assert/strict";
import { prepare } from "../lib/cluster/artifacts/prepare.ts";
import { brokerSettings, properties } from "../lib/cluster/broker_settings.ts";
import { kafkaArgs } from "../lib/cluster/java_args.ts";
import { clusterConfig } from "../lib/cluster/mod.ts";
import { connect, type Kafka } from "../lib/kafka/mod.ts";
import { end, here } from "../lib/platform/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { freshWorld } from "../tasks/_world.ts";
import { until } from "./own_brokers.ts";

/** Ways to log in, all of which the broker knows. */
export const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];
const MODULE = "org.apache.kafka.common.security";

/** Where a {@link withLogins} broker is. */
export interface LoginBroker {
  /** Port that asks for a login. */
  readonly port: number;
  /** Port that lets everybody in, as `User:ANONYMOUS`. */
  readonly open: number;
}

/**
 * Starts a broker where ada, in three ways, and some others, by name and password "pw" alone, may log in.
 *
 * @param options.users Who may log in besides ada, by PLAIN.
 * @param options.settings More settings of the broker.
 */
export async function withLogins(
  use: (broker: LoginBroker) => Promise<void>,
  options: {
    readonly users?: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
): Promise<void> {
  const fresh = await freshWorld(), state = fresh.TAXI_STATE!;
  const config = clusterConfig(new Map(Object.entries({ ...Deno.env.toObject(), ...fresh })));
  const { java, kafkaJars: jars } = await prepare(config.folders.cache);
  // The second and third broker's ports are free: there is only one.
  const port = config.ports.kafka + 2, own = brokerSettings(config, { size: 1, n: 1, data: state });
  const jaas = MECHANISMS.map((mechanism) => {
    const module = mechanism === "PLAIN"
      ? `${MODULE}.plain.PlainLoginModule required ${
        ["ada", ...options.users ?? []].map((user) => `user_${user}="pw"`).join(" ")
      };`
      : `${MODULE}.scram.ScramLoginModule required;`;
    return [`listener.name.login.${mechanism.toLowerCase()}.sasl.jaas.config`, module];
  });
  await Deno.writeTextFile(
    `${state}/settings`,
    properties({
      ...own,
      ...Object.fromEntries(jaas),
      "listeners": `${own.listeners},LOGIN://127.0.0.1:${port}`,
      "advertised.listeners": `${own["advertised.listeners"]},LOGIN://localhost:${port}`,
      "listener.security.protocol.map": `${
        own["listener.security.protocol.map"]
      },LOGIN:SASL_PLAINTEXT`,
      "sasl.enabled.mechanisms": MECHANISMS.join(),
      // Old connections must log in again: kafkajs does 10 s before.
      "connections.max.reauth.ms": 11_000,
      ...options.settings,
    }),
  );
  const run = (main: string, args: readonly string[]) =>
    here.spawn(java.command, {
      args: kafkaArgs({ cwd: state, jars, platform: here, main, args }),
      cwd: state,
      input: "piped",
    });
  const logins = MECHANISMS.slice(1).flatMap((mechanism) => [
    "--add-scram",
    `${mechanism}=[name=ada,password=pw]`,
  ]);
  const id = new Uint8Array(16).fill(7).toBase64({ alphabet: "base64url", omitPadding: true });
  const format = ["format", "-t", id, "-c", `${state}/settings`, ...logins];
  const formatted = await run("kafka.tools.StorageTool", format);
  assert.equal((await formatted.exited).code, 0);
  const broker = await run("kafka.Kafka", [`${state}/settings`]);
  try {
    await until("the broker", () =>
      login(port).then(
        async (kafka) => {
          await kafka.close();
          return true;
        },
        () => undefined,
      ));
    await use({ port, open: config.ports.kafka });
  } finally {
    await end(broker, 15_000);
    await Deno.remove(state, { recursive: true });
  }
}

/** Connects as the environment would say. */
export function login(
  port: number,
  { mechanism = "PLAIN", username = "ada", password = "pw" }: {
    readonly mechanism?: string;
    readonly username?: string;
    readonly password?: string;
  } = {},
): Promise<Kafka> {
  const env = new Map(Object.entries({
    KAFKA_BROKERS: `localhost:${port}`,
    KAFKA_USERNAME: username,
    KAFKA_PASSWORD: password,
    KAFKA_SASL_MECHANISM: mechanism,
  }));
  return connect({ settings: kafkaSettings(env), onNotice: () => {} });
}
