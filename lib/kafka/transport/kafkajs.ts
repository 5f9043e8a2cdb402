/**
 * What the rest of this room uses of kafkajs as it is: its client, its admin, and the names of their options.
 *
 * @module
 */
import "./patches.ts";

export { ConfigResourceTypes, Kafka as KafkaJS, logLevel } from "kafkajs";
export type { Admin, GroupDescription, LogEntry, RetryOptions, SASLOptions } from "kafkajs";
