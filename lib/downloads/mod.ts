/**
 * Fetches files from Maven Central by coordinate, and lets only those through whose SHA-256 is the committed one.
 *
 * ```ts ignore
 * await fetchArtifacts(lock.kafka.jars, { folder: `${cache}/jars` });
 * ```
 * Knows no other room. Used by `cluster` (Kafka and the registry) and `python` (a pip, where Python has none).
 *
 * @module
 */
export { type Artifact, fileName, isVerified } from "./artifact.ts";
export { fetchArtifacts, type FetchFiles, type FetchOptions, type Order } from "./fetch.ts";
export type { OnProgress, Progress } from "./progress.ts";
