import {
  type Environment,
  type Folders,
  folders,
  kafkaSettings,
  ports,
  registrySettings,
} from "../settings/mod.ts";

/** One or three: a quorum of two would be worse than either. */
export type ClusterSize = 1 | 3;

/** Where a local cluster lives; plain data, so several can live side by side. */
export interface ClusterConfig {
  /** The checkout, its state and the shared downloads; absolute paths. */
  readonly folders: Folders;
  /** First broker's port (broker n: `kafka + 2·(n−1)`, its controller one above) and the registry's. */
  readonly ports: { readonly kafka: number; readonly registry: number };
  /** Addresses of a Kafka that is not ours to start: `KAFKA_BROKERS`. */
  readonly otherKafka?: readonly string[];
  /** Address of a registry that is not ours to start: `SCHEMA_REGISTRY_URL`. */
  readonly otherRegistry?: string;
}

/**
 * Reads which cluster is meant: its folders, its ports, and what is not ours to start.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { clusterConfig } from "./cluster_config.ts";
 * const config = clusterConfig(new Map([["TAXI_KAFKA_PORT", "19092"], ["KAFKA_BROKERS", "a:9092"]]));
 * assert.deepEqual([config.ports.kafka, config.otherKafka], [19092, ["a:9092"]]);
 * ```
 * @param env Environment to read. @default Deno.env
 * @throws {RangeError} If a port is not a port, or the registry's lies among the brokers'.
 */
export function clusterConfig(env: Environment = Deno.env): ClusterConfig {
  const { kafka, registry } = ports(env);
  if (registry >= kafka && registry < kafka + 6) {
    throw new RangeError(
      `Cannot use port ${registry} for the registry: three brokers use ${kafka} to ${kafka + 5} ` +
        `(set TAXI_REGISTRY_PORT to another port)`,
    );
  }
  const broker = kafkaSettings(env), schemas = registrySettings(env);
  return {
    folders: folders(env),
    ports: { kafka, registry },
    ...(!broker.local && { otherKafka: broker.brokers }),
    ...(!schemas.local && { otherRegistry: schemas.url }),
  };
}

/** Ports of broker n, counted from 1. */
export function brokerPorts(
  config: ClusterConfig,
  n: number,
): { broker: number; controller: number } {
  const broker = config.ports.kafka + 2 * (n - 1);
  return { broker, controller: broker + 1 };
}

/** Ports from the first broker's on that a cluster takes whose wires between brokers can be cut. */
export const PORTS_WITH_WIRES = 12;

/** Ports of broker n, counted from 1, for the other brokers: they reach `copies` by way of `wire`, which can be cut. */
export function wirePorts(config: ClusterConfig, n: number): { wire: number; copies: number } {
  const wire = config.ports.kafka + 6 + 2 * (n - 1);
  return { wire, copies: wire + 1 };
}

/** `[1]` or `[1, 2, 3]`. */
export function brokerNumbers(size: ClusterSize): number[] {
  return Array.from({ length: size }, (_, i) => i + 1);
}

/** Address of the registry's Confluent-compatible API. */
export function registryUrl(config: ClusterConfig): string {
  return config.otherRegistry ?? `http://localhost:${config.ports.registry}/apis/ccompat/v7`;
}

/** Addresses of the brokers, as clients want them. */
export function brokerAddresses(config: ClusterConfig, size: ClusterSize): readonly string[] {
  return config.otherKafka ??
    brokerNumbers(size).map((n) => `localhost:${brokerPorts(config, n).broker}`);
}
