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
export interface World {
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
 * import { worldFrom } from "./world.ts";
 * const world = worldFrom(new Map([["TAXI_KAFKA_PORT", "19092"], ["KAFKA_BROKERS", "a:9092"]]));
 * assert.deepEqual([world.ports.kafka, world.otherKafka], [19092, ["a:9092"]]);
 * ```
 * @param env Environment to read. @default Deno.env
 * @throws {RangeError} If a port is not a port, or the registry's lies among the brokers'.
 */
export function worldFrom(env: Environment = Deno.env): World {
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
export function brokerPorts(world: World, n: number): { broker: number; controller: number } {
  const broker = world.ports.kafka + 2 * (n - 1);
  return { broker, controller: broker + 1 };
}

/** `[1]` or `[1, 2, 3]`. */
export function brokerNumbers(size: ClusterSize): number[] {
  return Array.from({ length: size }, (_, i) => i + 1);
}

/** Address of the registry's Confluent-compatible API. */
export function registryUrl(world: World): string {
  return world.otherRegistry ?? `http://localhost:${world.ports.registry}/apis/ccompat/v7`;
}

/** Addresses of the brokers, as clients want them. */
export function brokerAddresses(world: World, size: ClusterSize): readonly string[] {
  return world.otherKafka ??
    brokerNumbers(size).map((n) => `localhost:${brokerPorts(world, n).broker}`);
}
