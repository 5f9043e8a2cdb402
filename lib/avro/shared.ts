/** Values fetched once, however many ask at the same time. */
export interface Shared<K, V> {
  /** The value of a key: remembered, or on its way, or fetched now. A failure is told to all who wait, then forgotten. */
  get(key: K, fetch: () => Promise<V>): Promise<V>;
  /** The value of a key if it is here already. */
  known(key: K): V | undefined;
  /** Forgets every key that the test picks. */
  forget(isStale: (key: K) => boolean): void;
}

/**
 * Makes a cache that is safe under concurrency.
 *
 * @example A thousand askers, one request
 * ```ts
 * import assert from "node:assert/strict";
 * import { shared } from "./shared.ts";
 * const schemas = shared<number, string>();
 * let requests = 0;
 * const fetch = () => Promise.resolve(`schema ${++requests}`);
 * await Promise.all(Array.from({ length: 1000 }, () => schemas.get(7, fetch)));
 * assert.equal(requests, 1);
 * assert.equal(schemas.known(7), "schema 1");
 * ```
 */
export function shared<K, V>(): Shared<K, V> {
  const here = new Map<K, V>();
  const coming = new Map<K, Promise<V>>();
  return {
    known: (key) => here.get(key),
    get(key, fetch) {
      const value = here.get(key);
      if (value !== undefined) return Promise.resolve(value);
      let promise = coming.get(key);
      if (promise === undefined) {
        promise = fetch().then((found) => {
          if (coming.get(key) === promise) here.set(key, found);
          return found;
        }).finally(() => {
          if (coming.get(key) === promise) coming.delete(key);
        });
        coming.set(key, promise);
      }
      return promise;
    },
    forget(isStale) {
      for (const keys of [here, coming]) {
        for (const key of [...keys.keys()]) if (isStale(key)) keys.delete(key);
      }
    },
  };
}
