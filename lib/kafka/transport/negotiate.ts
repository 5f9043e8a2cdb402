/**
 * Versions of the requests that are encoded here: the newest that the broker and this room both speak.
 *
 * A broker closes the connection on a version it does not know, without a word: asking first is the only way to tell.
 *
 * @module
 */
/** The part of kafkajs's broker that tells what it offers. */
interface Offering {
  readonly versions?: Readonly<
    Record<number, { readonly minVersion: number; readonly maxVersion: number }>
  >;
  readonly brokerAddress?: string;
}

/** A request that is encoded here. */
export interface Api {
  /** Kafka's number for it. */
  readonly key: number;
  /** Kafka's name for it. */
  readonly name: string;
  /** The versions that are encoded here, both ends included. */
  readonly versions: readonly [min: number, max: number];
}

/** A broker does not offer a request in any version that is spoken here: no retry helps. */
export class UnsupportedRequestError extends Error {
  override readonly name = "UnsupportedRequestError";
  /** Kafka's own word for it. */
  readonly type = "UNSUPPORTED_VERSION";
  readonly retriable = false;
}

/**
 * The newest version that a broker offers and this room speaks; undefined where there is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { commonVersion } from "./negotiate.ts";
 * const fetch = { key: 1, name: "Fetch", versions: [4, 13] } as const;
 * assert.equal(commonVersion({ versions: { 1: { minVersion: 0, maxVersion: 11 } } }, fetch), 11);
 * assert.equal(commonVersion({ versions: { 1: { minVersion: 0, maxVersion: 3 } } }, fetch), undefined);
 * ```
 */
export function commonVersion(broker: Offering, { key, versions: [min, max] }: Api) {
  const offered = broker.versions?.[key];
  if (offered === undefined) return undefined;
  const version = Math.min(max, offered.maxVersion);
  return version >= Math.max(min, offered.minVersion) ? version : undefined;
}

/** As {@link commonVersion}. @throws {UnsupportedRequestError} Where there is none. */
export function negotiatedVersion(broker: Offering, api: Api): number {
  const version = commonVersion(broker, api);
  if (version !== undefined) return version;
  const offered = broker.versions?.[api.key], [min, max] = api.versions;
  throw new UnsupportedRequestError(
    `Kafka at "${broker.brokerAddress}" ` +
      (offered === undefined
        ? `does not offer the request ${api.name}`
        : `offers the request ${api.name} in versions ${offered.minVersion} to ` +
          `${offered.maxVersion}, and ${min} to ${max} are spoken here`),
  );
}
