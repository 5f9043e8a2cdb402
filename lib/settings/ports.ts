import { type Environment, portOf } from "./values.ts";

/** The loopback ports of the local world. */
export interface Ports {
  /** Broker 1; broker n listens on `kafka + 2·(n−1)`, its controller one above. `TAXI_KAFKA_PORT`. @default 9092 */
  readonly kafka: number;
  /** Schema registry. `TAXI_REGISTRY_PORT`. @default 8081 */
  readonly registry: number;
  /** Control Center. `TAXI_CONTROL_CENTER_PORT`. @default 9021 */
  readonly controlCenter: number;
  /** JupyterLab. `TAXI_LAB_PORT`. @default 8888 */
  readonly lab: number;
}

/**
 * Reads the ports of the local world.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ports } from "./ports.ts";
 * assert.equal(ports(new Map([["TAXI_KAFKA_PORT", "19092"]])).kafka, 19092);
 * assert.equal(ports(new Map()).registry, 8081);
 * ```
 * @param env Environment to read. @default Deno.env
 * @throws {RangeError} If a port is not a whole number from 1 to 65535.
 */
export function ports(env: Environment = Deno.env): Ports {
  return {
    kafka: portOf(env, "TAXI_KAFKA_PORT", 9092),
    registry: portOf(env, "TAXI_REGISTRY_PORT", 8081),
    controlCenter: portOf(env, "TAXI_CONTROL_CENTER_PORT", 9021),
    lab: portOf(env, "TAXI_LAB_PORT", 8888),
  };
}
