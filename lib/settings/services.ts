import { ports } from "./ports.ts";
import { Secret } from "./secret.ts";
import { addressesOf, type Environment, oneOf, pathOf, textOf, urlOf, yesOrNo } from "./values.ts";

/** What proves to a broker who asks: a name and a password, or a token. */
export type SaslSettings = PasswordLogin | TokenLogin;

/** A name and a password. */
export interface PasswordLogin {
  /** How the password is proved. @default "plain" */
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  /** `KAFKA_USERNAME`. */
  readonly username: string;
  /** `KAFKA_PASSWORD`; not shown by whatever shows the settings. */
  readonly password: string | Secret;
}

/** A token that somebody else has issued. */
export interface TokenLogin {
  /** Chosen by the token's being there. */
  readonly mechanism: "oauthbearer";
  /** `KAFKA_OAUTHBEARER_TOKEN`; not shown by whatever shows the settings. */
  readonly token: string | Secret;
}

/** Files in PEM that TLS needs beyond what the system trusts; absolute paths. */
export interface TlsFiles {
  /** Certificate of the authority that signed the brokers'. `KAFKA_SSL_CA`. @default the file of `DENO_CERT` */
  readonly ca?: string;
  /** This client's certificate. `KAFKA_SSL_CERT`. */
  readonly cert?: string;
  /** Its private key, without a passphrase. `KAFKA_SSL_KEY`. */
  readonly key?: string;
}

/** How to reach Kafka. */
export interface KafkaSettings {
  /** `host:port` of one or more brokers. `KAFKA_BROKERS`, comma separated. @default the local cluster */
  readonly brokers: readonly string[];
  /** True when `KAFKA_BROKERS` is unset: the cluster that `deno task up` starts. */
  readonly local: boolean;
  /** TLS. `KAFKA_SSL`, or by naming one of its files. @default false */
  readonly ssl: boolean;
  /** Left out where the system's authorities will do and the broker does not ask for a client's certificate. */
  readonly tls?: TlsFiles;
  /** Present when `KAFKA_USERNAME` or `KAFKA_OAUTHBEARER_TOKEN` is set. */
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
  /** Left out when `username` is; not shown by whatever shows the settings. */
  readonly password?: Secret;
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
 * @throws {TypeError} If a value is not understood, or two contradict each other.
 */
export function kafkaSettings(env: Environment = Deno.env): KafkaSettings {
  const named = addressesOf(env, "KAFKA_BROKERS");
  const files = tlsFiles(env), sasl = login(env), asked = yesOrNo(env, "KAFKA_SSL");
  if (files && asked === false) {
    throw contradiction(`KAFKA_SSL=${env.get("KAFKA_SSL")}`, `KAFKA_SSL_${firstOf(files)}`);
  }
  const ssl = asked ?? files !== undefined, denoCert = pathOf(env, "DENO_CERT");
  // Deno itself passes over a DENO_CERT that names no file, without a word.
  const tls = ssl && denoCert ? { ca: denoCert, ...files } : files;
  return {
    brokers: named.length > 0 ? named : [`localhost:${ports(env).kafka}`],
    local: named.length === 0,
    ssl,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  };
}

function tlsFiles(env: Environment): TlsFiles | undefined {
  const ca = pathOf(env, "KAFKA_SSL_CA");
  const cert = pathOf(env, "KAFKA_SSL_CERT"), key = pathOf(env, "KAFKA_SSL_KEY");
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError(
      `Cannot use ${
        cert ? "KAFKA_SSL_CERT" : "KAFKA_SSL_KEY"
      } alone: a client's certificate goes ` +
        `with its key (set ${cert ? "KAFKA_SSL_KEY" : "KAFKA_SSL_CERT"}, too)`,
    );
  }
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return Object.keys(files).length > 0 ? files : undefined;
}

const firstOf = (tls: TlsFiles) => Object.keys(tls)[0]!.toUpperCase();

const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"] as const;

function login(env: Environment): SaslSettings | undefined {
  const mechanism = oneOf(env, "KAFKA_SASL_MECHANISM", MECHANISMS);
  const username = textOf(env, "KAFKA_USERNAME"), password = env.get("KAFKA_PASSWORD");
  const token = textOf(env, "KAFKA_OAUTHBEARER_TOKEN");
  if (token !== undefined) {
    if (username) throw contradiction("KAFKA_OAUTHBEARER_TOKEN", "KAFKA_USERNAME");
    if (mechanism && mechanism !== "oauthbearer") {
      throw contradiction("KAFKA_OAUTHBEARER_TOKEN", `KAFKA_SASL_MECHANISM=${mechanism}`);
    }
    return { mechanism: "oauthbearer", token: new Secret(token) };
  }
  if (mechanism === "oauthbearer") throw lacking("oauthbearer", "KAFKA_OAUTHBEARER_TOKEN");
  if (username) {
    return { mechanism: mechanism ?? "plain", username, password: new Secret(password ?? "") };
  }
  if (mechanism) throw lacking(mechanism, "KAFKA_USERNAME");
  if (password) throw new TypeError(missingName("KAFKA_PASSWORD", "KAFKA_USERNAME"));
  return undefined;
}

function contradiction(one: string, other: string): TypeError {
  return new TypeError(`Cannot use ${one} together with ${other}: they contradict (unset one)`);
}

function lacking(mechanism: string, name: string): TypeError {
  return new TypeError(missingName(`KAFKA_SASL_MECHANISM=${mechanism}`, name));
}

function missingName(one: string, name: string): string {
  return `Cannot log in to Kafka with ${one} alone: ${name} is not set (set it, or unset ${
    one.replace(/=.*/, "")
  })`;
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
 * assert.deepEqual([named.url, named.username, named.password?.reveal()], ["http://r:1", "ada", "secret"]);
 * ```
 */
export function registrySettings(env: Environment = Deno.env): RegistrySettings {
  const named = urlOf(env, "SCHEMA_REGISTRY_URL");
  const url = named?.url ?? `http://localhost:${ports(env).registry}/apis/ccompat/v7`;
  const own = textOf(env, "SCHEMA_REGISTRY_USERNAME"), username = own ?? named?.username;
  const password = env.get("SCHEMA_REGISTRY_PASSWORD");
  // A password is for the name that it stands beside.
  if (own !== undefined && password === undefined && named?.username && named.username !== own) {
    throw contradiction("SCHEMA_REGISTRY_USERNAME", "the login in SCHEMA_REGISTRY_URL");
  }
  const settings = { url, local: named === undefined };
  if (username) {
    return { ...settings, username, password: new Secret(password ?? named?.password ?? "") };
  }
  if (!password) return settings;
  throw new TypeError(
    "Cannot log in to the schema registry with SCHEMA_REGISTRY_PASSWORD alone: " +
      "SCHEMA_REGISTRY_USERNAME is not set (set it, or unset SCHEMA_REGISTRY_PASSWORD)",
  );
}
