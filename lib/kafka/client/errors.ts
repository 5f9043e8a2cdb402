/** Where something went wrong, as far as it is known. */
export interface ErrorPlace {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly group?: string;
  /** The static member on whose behalf it was asked. */
  readonly instanceId?: string;
  /** Transactional id on whose behalf it was asked. */
  readonly transactionalId?: string;
  /** What a user must be allowed to do there, in Kafka's word for it; said where that is what is missing. */
  readonly operation?: Operation;
}

/** Operations of Kafka's access control lists. */
export type Operation =
  | "Alter"
  | "AlterConfigs"
  | "Create"
  | "Delete"
  | "Describe"
  | "DescribeConfigs"
  | "Read"
  | "Write";

/** A request that Kafka refused or did not answer, in plain words, with where it happened. */
export class KafkaError extends Error {
  /** The word before the message wherever the error is printed. */
  override readonly name = "KafkaError";
  /** Topic that was written or read, where there is one. */
  readonly topic?: string;
  /** Partition that was written or read, from 0. */
  readonly partition?: number;
  /** Offset of the record in question. */
  readonly offset?: number;
  /** Group on whose behalf it was asked. */
  readonly group?: string;
  /** Kafka's own word for it, such as `UNKNOWN_TOPIC_OR_PARTITION`; undefined when Kafka did not answer. */
  readonly code?: string;
  /** True when the same request may succeed later. */
  readonly retriable: boolean;

  /** Made by this room only; what is not known of the place is left out. */
  constructor(
    message: string,
    options: ErrorPlace & { code?: string; retriable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    const { topic, partition, offset, group, code } = options;
    if (topic !== undefined) this.topic = topic;
    if (partition !== undefined) this.partition = partition;
    if (offset !== undefined) this.offset = offset;
    if (group !== undefined) this.group = group;
    if (code !== undefined) this.code = code;
    this.retriable = options.retriable ?? false;
  }
}

/** The parts of a kafkajs error that tell what happened. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly broker?: unknown;
  readonly retriable?: unknown;
  /** The broker's own sentence. */
  readonly said?: unknown;
  /** What of the request was refused, where its answer tells. */
  readonly place?: ErrorPlace;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** The error that started it: kafkajs wraps an error each time it gives up, and several may have been asked. */
export function rootCause(error: unknown): Failure {
  let root = failure(error);
  for (let depth = 0; depth < 10; depth++) {
    // Of several, the first.
    const inner = Array.isArray(root.errors) ? root.errors[0] : root.cause;
    if (!(inner instanceof Error)) return root;
    root = failure(inner);
  }
  return root;
}

function failure(error: unknown): Failure {
  return error instanceof Error
    ? error as Failure
    : { name: "Error", message: String(error) } satisfies Failure;
}

/** True when the broker was not reached or went away, as against refusing the request. */
export function isConnectionTrouble(error: unknown): boolean {
  const { name } = rootCause(error);
  if (name === "KafkaJSSASLAuthenticationError") return !isLoginRefused(error);
  return /^KafkaJS(Connection|RequestTimeout|NoBrokerAvailable|BrokerNotFound|Lock)/
    .test(name);
}

/** True when a broker does not let this user in; kafkajs calls it the same when the connection breaks on the way. */
export function isLoginRefused(error: unknown): boolean {
  const { name, message } = rootCause(error);
  return name === "KafkaJSSASLAuthenticationError" &&
    !/connection|not connected|time(d )?-?out/i.test(message);
}

/** True when no connection came about, or none that lasts: the sockets tell of that. */
export function isUnreachable(error: unknown): boolean {
  const { name, message, code } = rootCause(error);
  return /^(ECONN|ENOTFOUND|EHOST|ENET|ETIMEDOUT|EAI_)/.test(String(code)) ||
    name === "KafkaJSConnectionError" && /Connection (error|timeout)/.test(message);
}

/** Kafka's own word for a refusal; undefined for anything else. */
export function refusal(error: unknown): string | undefined {
  const { type } = rootCause(error);
  return typeof type === "string" ? type : undefined;
}

/**
 * Puts a kafkajs error into a learner's words: `Cannot <doing>: <what is wrong> (<the one fix>)`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inPlainWords } from "./errors.ts";
 * const error = Object.assign(new Error("This server does not host"), { type: "UNKNOWN_TOPIC_OR_PARTITION" });
 * const plain = inPlainWords(error, 'read topic "x"', { topic: "x" });
 * assert.match(plain.message, /^Cannot read topic "x": topic "x" does not exist/);
 * ```
 * @param doing What was attempted, to stand after "Cannot".
 */
export function inPlainWords(error: unknown, doing: string, asked: ErrorPlace = {}): KafkaError {
  if (error instanceof KafkaError) return error;
  const root = rootCause(error), code = refusal(error), place = { ...asked, ...root.place };
  const said = typeof root.said === "string" ? root.said.replace(/\.$/, "") : undefined;
  const words = (code ? refusals[code]?.(place, said) : undefined) ?? said ?? troubles(root);
  return new KafkaError(`Cannot ${doing}: ${words}`, {
    ...place,
    ...(code ? { code } : {}),
    retriable: root.retriable === true,
    cause: error,
  });
}

/** The fix for a topic that is not there. */
export function howToCreate(topic: string): string {
  return `create it with kafka.topics.create("${topic}", { partitions: 2 })`;
}

/** What is wrong with a topic that is not there, with the fix. */
export function missingTopic(topic: string): string {
  return `topic "${topic}" does not exist (${howToCreate(topic)})`;
}

const refusals: Record<string, (place: ErrorPlace, said?: string) => string> = {
  UNKNOWN_TOPIC_OR_PARTITION: ({ topic, partition }) =>
    topic === undefined
      ? "the topic does not exist"
      : partition === undefined
      ? missingTopic(topic)
      : `topic "${topic}" has no partition ${partition}`,
  INVALID_TOPIC_EXCEPTION: ({ topic }, said) =>
    collision(topic, said) ??
      "the name is not allowed (use 1 to 249 letters, digits, dots, underscores or hyphens)",
  INVALID_PARTITIONS: () => "the number of partitions must be at least 1 and can only grow",
  INVALID_REPLICATION_FACTOR: () =>
    "there are fewer brokers than replicas asked for (leave replicas out, or start more brokers)",
  INVALID_CONFIG: (_, said) =>
    said === undefined
      ? "Kafka does not know that setting, or not that value"
      : `Kafka refuses a setting: ${said}`,
  POLICY_VIOLATION: (_, said) => `the cluster's policy forbids it${said ? `: ${said}` : ""}`,
  INVALID_TIMESTAMP: ({ topic, partition }) =>
    "a record's timestamp is more than an hour in the future" +
    (topic === undefined ? "" : `, for topic "${topic}", partition ${partition}`) +
    " (use epoch milliseconds, or give the topic the setting message.timestamp.after.max.ms)",
  INVALID_RECORD: (_, said) =>
    /without (a )?key/.test(said ?? "")
      ? "a compacted topic takes no record without a key (give each record a key)"
      : `the broker refuses a record${said ? `: ${said}` : ""}`,
  MESSAGE_TOO_LARGE: () => "a record is larger than the topic takes (raise its max.message.bytes)",
  INCONSISTENT_GROUP_PROTOCOL: ({ group }) =>
    `the members of group "${group ?? ""}" share partitions in another way (give this member ` +
    "another group, or all of them one way)",
  FENCED_INSTANCE_ID: ({ instanceId }) =>
    `another member has joined under its instance id${instanceId ? ` "${instanceId}"` : ""} ` +
    "(give each member an id of its own)",
  NON_EMPTY_GROUP: ({ group }) =>
    `group "${
      group ?? ""
    }" still has members (close its consumers first; a static one stays until its ` +
    "session is over)",
  GROUP_SUBSCRIBED_TO_TOPIC: ({ topic }) =>
    `a member of the group reads topic "${topic ?? ""}" now (end it first)`,
  GROUP_ID_NOT_FOUND: ({ group }) => `there is no group "${group ?? ""}"`,
  TOPIC_AUTHORIZATION_FAILED: ({ topic, operation }) =>
    operation === "Create"
      ? `this user needs Create on ${named("topic", topic)}, or, if it exists, a right to see it ` +
        "(grant it)"
      : `this user needs ${operation ?? "a right"} on ${named("topic", topic)} (grant it)`,
  GROUP_AUTHORIZATION_FAILED: ({ group, operation = "Read" }) =>
    `this user needs ${operation} on ${named("group", group)} (grant it)`,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: ({ transactionalId }) =>
    `this user needs Write on ${named("transactional id", transactionalId)} (grant it)`,
  CLUSTER_AUTHORIZATION_FAILED: ({ operation, topic }) =>
    operation === "Write" && topic !== undefined
      // A user who may write to any topic may have a producer's number.
      ? `this user needs Write on topic "${topic}", before Kafka 2.8 also IdempotentWrite on the ` +
        "cluster (grant it)"
      : `this user needs ${operation ?? "a right"} on the cluster (grant it)`,
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: () => "this user may not use delegation tokens",
  TOPIC_DELETION_DISABLED: () =>
    "the cluster lets nobody delete topics: delete.topic.enable is false (use a new name, or " +
    "kafka.topics.deleteOrEmpty)",
  SASL_AUTHENTICATION_FAILED: () =>
    "the user name or the password is wrong (KAFKA_USERNAME, KAFKA_PASSWORD)",
};

function named(resource: string, name: string | undefined): string {
  return name === undefined ? `that ${resource}` : `${resource} "${name}"`;
}

/** Names that differ in dots and underscores only: in the broker's metrics they are one. */
function collision(topic = "", said = ""): string | undefined {
  const [, others] = said.match(/collides with existing topics?: (.*)$/) ?? [];
  return others && `"${topic}" counts as the same name as the topic "${others.trim()}", ` +
      "as dots and underscores are one to Kafka's metrics (choose another name)";
}

function troubles(root: Failure): string {
  const { name, message, code, broker } = root;
  const who = typeof broker === "string" ? `Kafka at "${broker}"` : "Kafka";
  if (isLoginRefused(root)) {
    return "the user name or the password is wrong (KAFKA_USERNAME, KAFKA_PASSWORD)";
  }
  if (code === "ECONNREFUSED") return `${who} refuses the connection (is it running?)`;
  if (name === "KafkaJSRequestTimeoutError" || /timeout/i.test(message)) {
    return `${who} does not answer in time`;
  }
  if (name.startsWith("KafkaJSConnection") || name === "KafkaJSSASLAuthenticationError") {
    return `${who} closed the connection`;
  }
  return message.replace(/^KafkaJS\w*:\s*/, "");
}
