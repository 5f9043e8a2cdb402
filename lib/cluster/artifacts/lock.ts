import type { Artifact } from "../../downloads/mod.ts";
import lockFile from "../artifacts.lock.json" with { type: "json" };

/** The committed list of what a cluster runs on, but for Java. */
export interface ArtifactLock {
  /** Kafka and everything on its class path. */
  readonly kafka: { readonly version: string; readonly jars: readonly Artifact[] };
  /** The schema registry, packed. */
  readonly registry: { readonly version: string; readonly archive: Artifact };
}

/** What this checkout runs. */
export const lock: ArtifactLock = lockFile;
