import type { KafkaSettings } from "../../settings/mod.ts";
import { isLoginRefused, refusal, rootCause } from "./errors.ts";

/** What is wrong with what listens where Kafka should, and the one fix. */
export interface ContactProblem {
  /** In one clause. */
  readonly why: string;
  /** To stand in brackets behind it. */
  readonly fix: string;
}

const RIGHT_ADDRESS = "is KAFKA_BROKERS right?";
const LOGIN = "KAFKA_USERNAME and KAFKA_PASSWORD";

/**
 * Says why a first contact failed although somebody listens at that address.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { contactProblem } from "./contact.ts";
 * const tlsAlert = new Error("Cannot read an answer of 352518912 bytes");
 * assert.deepEqual(contactProblem(tlsAlert, { ssl: false }), {
 *   why: "it speaks TLS",
 *   fix: "set KAFKA_SSL=true",
 * });
 * ```
 */
export function contactProblem(
  error: unknown,
  settings: Pick<KafkaSettings, "ssl" | "sasl" | "tls">,
): ContactProblem {
  return certainProblem(error, settings) ?? closed(rootCause(error).message, settings);
}

/** As {@link contactProblem}; undefined where another attempt may tell more. */
export function certainProblem(
  error: unknown,
  settings: Pick<KafkaSettings, "ssl" | "sasl" | "tls">,
): ContactProblem | undefined {
  const { message } = rootCause(error);
  return loginProblem(error, settings) ?? tlsProblem(message, settings) ?? otherProtocol(message);
}

function loginProblem(
  error: unknown,
  { sasl }: Pick<KafkaSettings, "sasl">,
): ContactProblem | undefined {
  const { message } = rootCause(error), code = refusal(error);
  if (code === "ILLEGAL_SASL_STATE") {
    return {
      why: "it takes no log-in",
      fix: "unset KAFKA_USERNAME, or name the port that takes one",
    };
  }
  if (code === "UNSUPPORTED_SASL_MECHANISM" || /mechanism is not supported/.test(message)) {
    return {
      why: `it knows no log-in by ${sasl?.mechanism ?? "that mechanism"}`,
      fix: "set KAFKA_SASL_MECHANISM to one that it knows",
    };
  }
  if (!isLoginRefused(error)) return undefined;
  return {
    why: "the log-in was refused",
    fix: sasl?.mechanism === "oauthbearer"
      ? "check KAFKA_OAUTHBEARER_TOKEN"
      : `check ${LOGIN.replace(" and", ",")} and KAFKA_SASL_MECHANISM`,
  };
}

function tlsProblem(
  message: string,
  { tls }: Pick<KafkaSettings, "tls">,
): ContactProblem | undefined {
  const said = message.replace(/^.*error: /, "");
  if (/altnames|NotValidForName|not valid for name/i.test(message)) {
    return {
      why: `its certificate is for another name (${said})`,
      fix: "name the broker in KAFKA_BROKERS as its certificate does",
    };
  }
  if (/Certificate_?Required|bad_?certificate|handshake_?failure/i.test(message)) {
    return tls?.cert
      ? { why: `it does not take this client's certificate (${said})`, fix: "check KAFKA_SSL_CERT" }
      : {
        why: "it asks for a client's certificate",
        fix: "name it and its key in KAFKA_SSL_CERT and KAFKA_SSL_KEY",
      };
  }
  if (/expired/i.test(message)) {
    return {
      why: `its certificate has expired (${said})`,
      fix: "renew it, or set this machine's clock",
    };
  }
  if (/certificate/i.test(message)) {
    return {
      why: `its certificate is not trusted here (${said})`,
      fix: "name the file of who signed it in KAFKA_SSL_CA",
    };
  }
  if (/before secure TLS connection/.test(message)) {
    return { why: "it does not speak TLS", fix: "unset KAFKA_SSL, or name its TLS port" };
  }
  return undefined;
}

/** First bytes of what other servers say, taken for a length. */
function otherProtocol(message: string): ContactProblem | undefined {
  const length = Number(message.match(/an answer of (\d+) bytes/)?.[1] ?? 0), first = length >>> 24;
  if (first === 0x15 || first === 0x16) return { why: "it speaks TLS", fix: "set KAFKA_SSL=true" };
  if (length === 0x48545450) {
    return { why: "it speaks HTTP, not Kafka's protocol", fix: RIGHT_ADDRESS };
  }
  if (length === 0x5353482d) {
    return { why: "it speaks SSH, not Kafka's protocol", fix: RIGHT_ADDRESS };
  }
  return undefined;
}

function closed(
  message: string,
  { ssl, sasl }: Pick<KafkaSettings, "ssl" | "sasl">,
): ContactProblem {
  const why = /clos|write after end/i.test(message)
    ? "something listens there, and closes the connection"
    : `something listens there, but it did not answer as Kafka does (${message})`;
  if (ssl) return { why, fix: sasl ? RIGHT_ADDRESS : `does it need a log-in: ${LOGIN}?` };
  return { why, fix: `does it need KAFKA_SSL=true${sasl ? "" : `, or a log-in: ${LOGIN}`}?` };
}
