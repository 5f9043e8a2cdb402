/**
 * What functions of an application may return.
 *
 * @module
 */

/** The error of a function that returned a promise. */
export function promiseError(promise: Promise<unknown>): TypeError {
  promise.catch(() => {});
  return new TypeError(
    "Cannot use a promise as a value: records are processed one after another, without waiting " +
      "(make the function synchronous, or use an agent, which may wait)",
  );
}

/** An aggregator's result. @throws {TypeError} If it is undefined: a forgotten `return` */
export function requireResult<T>(result: T): T {
  if (result !== undefined) return result;
  throw new TypeError(
    "Cannot keep undefined as a result: the function gave nothing back " +
      "(return the result; null deletes its row)",
  );
}
