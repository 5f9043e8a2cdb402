import { sleep } from "../async/mod.ts";
import type { OnProgress } from "../downloads/mod.ts";
import type { ClusterConfig } from "./cluster_config.ts";
import { statePaths } from "./state.ts";

/** A start may have to download the cluster first, over a slow line. */
const WAIT_MS = 30 * 60_000;

/** How to wait for another process that starts the cluster. */
export interface UpLockOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** @default 30 minutes */
  readonly waitMs?: number;
}

/**
 * Takes the lock that lets only one process at a time start or remove a cluster; it is free again when the file is closed.
 *
 * @throws {Error} If another process holds it for half an hour.
 */
export async function upLock(
  config: ClusterConfig,
  progress: OnProgress = () => {},
  options: UpLockOptions = {},
): Promise<Deno.FsFile> {
  const { signal, waitMs = WAIT_MS } = options;
  const path = statePaths(config.folders.state).upLock;
  const file = await Deno.open(path, { create: true, write: true });
  const deadlineMs = performance.now() + waitMs;
  try {
    if (await file.tryLock(true)) return file;
    progress({ text: "Another process is starting this cluster: waiting for it" });
    while (!await file.tryLock(true)) {
      signal?.throwIfAborted();
      if (performance.now() > deadlineMs) {
        throw new Error(
          `Cannot start Kafka: another process has held "${path}" for ${waitMs / 60_000} min ` +
            `(end that process)`,
        );
      }
      await sleep(100, signal);
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
