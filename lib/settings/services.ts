import type { Environment } from "./folders.ts";
import { ports } from "./ports.ts";

/** Name, password and mechanism for a broker that asks who you are. */
export interface SaslSettings {
  /** How the password is proved. @default "plain" */
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  /** `KAFKA_USERNAME`. */
  readonly username: string;
  /** `KAFKA_PASSWORD`; not shown when the settings are printed. */
  readonly password: string;
}

/** How to reach Kafka. */
export interface KafkaSettings {
  /** `host:port` of one or more brokers. `KAFKA_BROKERS`, comma separated. @default the local cluster */
  readonly brokers: readonly string[];
  /** True when `KAFKA_BROKERS` is unset: the cluster that `deno task up` starts. */
  readonly local: boolean;
  /** TLS. `KAFKA_SSL=true`. @default false */
  readonly ssl: boolean;
  /** Present when `KAFKA_USERNAME` is set; mechanism from `KAFKA_SASL_MECHANISM`. @default "plain" */
  readonly sasl?: SaslSettings;
}

/** How to reach the schema registry. */
export interface RegistrySettings {
  /** Base URL of the Confluent-compatible API, without a slash at the end, without a login. `SCHEMA_REGISTRY_URL`. */
  readonly url: string;
  /** True when `SCHEMA_REGISTRY_URL` is unset. */
  readonly local: boolean;
  /** Basic auth. `SCHEMA_REGISTRY_USERNAME`, `SCHEMA_REGISTRY_PASSWORD`. */
  readonly username?: string;
  /** Left out when `username` is; not shown when the settings are printed. */
  readonly password?: string;
}

/**
 * Reads how to reach Kafka.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { kafkaSettings } from "./services.ts";
 * assert.deepEqual(kafkaSettings(new Map()).brokers, ["localhost:9092"]);
 * assert.deepEqual(kafkaSettings(new Map([["KAFKA_BROKERS", "a:1, b:2"]])).brokers, ["a:1", "b:2"]);
 * ```
 * @throws {TypeError} If `KAFKA_SASL_MECHANISM` is not one of plain, scram-sha-256, scram-sha-512.
 */
export function kafkaSettings(env: Environment = Deno.env): KafkaSettings {
  const named = list(env.get("KAFKA_BROKERS"));
  const username = env.get("KAFKA_USERNAME");
  return {
    brokers: named.length > 0 ? named : [`localhost:${ports(env).kafka}`],
    local: named.length === 0,
    ssl: ["true", "1", "yes"].includes((env.get("KAFKA_SSL") ?? "").toLowerCase()),
    ...(username && {
      sasl: withSecret({ mechanism: mechanism(env), username }, env.get("KAFKA_PASSWORD") ?? ""),
    }),
  };
}

/**
 * Reads how to reach the schema registry.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { registrySettings } from "./services.ts";
 * assert.equal(registrySettings(new Map()).url, "http://localhost:8081/apis/ccompat/v7");
 * const named = registrySettings(new Map([["SCHEMA_REGISTRY_URL", "http://ada:secret@r:1/"]]));
 * assert.deepEqual([named.url, named.username, named.password], ["http://r:1", "ada", "secret"]);
 * ```
 */
export function registrySettings(env: Environment = Deno.env): RegistrySettings {
  const named = env.get("SCHEMA_REGISTRY_URL");
  const { url, ...login } = withoutLogin(
    named || `http://localhost:${ports(env).registry}/apis/ccompat/v7`,
  );
  const username = env.get("SCHEMA_REGISTRY_USERNAME") || login.username;
  const settings = { url: url.replace(/\/+$/, ""), local: !named };
  if (!username) return settings;
  const password = env.get("SCHEMA_REGISTRY_PASSWORD") ?? login.password ?? "";
  return withSecret({ ...settings, username }, password);
}

/** Adds a password that is not shown: a notebook keeps whatever a cell shows. A copy does not show it either. */
function withSecret<T extends object>(
  settings: T,
  password: string,
): T & { readonly password: string } {
  const custom = Symbol.for("Deno.customInspect");
  return {
    ...settings,
    password,
    [custom](inspect: typeof Deno.inspect, options: Deno.InspectOptions) {
      const { [custom]: _, ...shown } = this as Record<symbol, unknown>;
      return inspect({ ...shown, password: "(not shown)" }, options);
    },
  };
}

/** Takes `user:password@` out of an address: addresses are printed, logins never. */
function withoutLogin(address: string): { url: string; username?: string; password?: string } {
  const [, scheme, login, rest] = address.match(/^(https?:\/\/)([^/?#]*)@(.*)$/i) ?? [];
  if (login === undefined) return { url: address };
  const [username = "", ...password] = login.split(":");
  return {
    url: `${scheme}${rest}`,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password.join(":")),
  };
}

function list(text = ""): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

function mechanism(env: Environment): SaslSettings["mechanism"] {
  const text = (env.get("KAFKA_SASL_MECHANISM") || "plain").toLowerCase();
  if (text === "plain" || text === "scram-sha-256" || text === "scram-sha-512") return text;
  throw new TypeError(
    `Cannot log in to Kafka with KAFKA_SASL_MECHANISM "${text}": it is not one of plain, scram-sha-256, scram-sha-512`,
  );
}
