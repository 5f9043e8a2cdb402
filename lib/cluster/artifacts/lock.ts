import type { Artifact } from "../../downloads/mod.ts";
import lockFile from "../artifacts.lock.json" with { type: "json" };

/** The committed list of what a cluster runs on, but for Java. */
export interface ArtifactLock {
  readonly kafka: { readonly version: string; readonly jars: readonly Artifact[] };
  readonly registry: { readonly version: string; readonly archive: Artifact };
}

/** What this checkout runs. */
export const lock: ArtifactLock = lockFile;
