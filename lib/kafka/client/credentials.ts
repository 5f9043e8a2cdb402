/**
 * What a client shows a broker: its trust, its certificate, its login; read from the files that the settings name.
 *
 * @module
 */
import type { ConnectionOptions } from "node:tls";
import type { SASLOptions } from "../transport/kafkajs_cluster.ts";
import {
  type KafkaSettings,
  revealed,
  type SaslSettings,
  type TlsFiles,
} from "../../settings/mod.ts";

/** Which variable names which file. */
const VARIABLES: Readonly<Record<keyof TlsFiles, string>> = {
  ca: "KAFKA_SSL_CA or DENO_CERT",
  cert: "KAFKA_SSL_CERT",
  key: "KAFKA_SSL_KEY",
};

/**
 * How TLS is spoken; undefined where it is not.
 *
 * @throws {Error} If a file cannot be read, or is not in PEM: its message stands after `Cannot reach Kafka at "…": `.
 */
export function tlsOptions({ ssl, tls = {} }: KafkaSettings): ConnectionOptions | undefined {
  if (!ssl) return undefined;
  const named = Object.entries(tls) as [keyof TlsFiles, string][];
  return Object.fromEntries(named.map(([part, path]) => [part, pem(part, path)]));
}

function pem(part: keyof TlsFiles, path: string): string {
  const variable = VARIABLES[part];
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw new Error(`the file "${path}" cannot be read: ${why} (${variable} names it)`);
  }
  const wanted = part === "key" ? "PRIVATE KEY" : "CERTIFICATE";
  if (text.includes(`${wanted}-----`)) return text;
  throw new Error(
    `the file "${path}" holds no ${wanted.toLowerCase()} in PEM (${variable} names it)`,
  );
}

/** The login in kafkajs's shape. */
export function saslOptions(login: SaslSettings): SASLOptions {
  if (login.mechanism !== "oauthbearer") {
    const { mechanism, username, password } = login;
    return { mechanism, username, password: revealed(password) } as SASLOptions;
  }
  const { mechanism } = login, value = revealed(login.token);
  return { mechanism, oauthBearerProvider: () => Promise.resolve({ value }) };
}
