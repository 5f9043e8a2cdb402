/**
 * What the rest of this room uses of kafkajs as it is: its client, and the names of its options.
 *
 * @module
 */
import "./patches.ts";

export { Kafka as KafkaJS, logLevel } from "kafkajs";
export type { RetryOptions, SASLOptions } from "kafkajs";
