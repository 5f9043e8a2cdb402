import type { Platform } from "../../platform/mod.ts";
import type { ProcessId } from "../process.ts";
import { type ClusterState, type ManagedProcessInfo, writeJson } from "../state.ts";
import type { ClusterSize } from "../cluster_config.ts";

/** The supervisor's state, written to disk at every change so that others see it. */
export class StateFile {
  #state: ClusterState;
  readonly #path: string;
  readonly #platform: Platform;

  constructor(
    path: string,
    start: {
      readonly supervisor: ProcessId;
      readonly size: ClusterSize;
      readonly platform: Platform;
    },
  ) {
    const { supervisor, size, platform } = start;
    this.#path = path;
    this.#platform = platform;
    this.#state = { phase: "starting", supervisor, size, processes: [], warnings: [] };
    this.#write();
  }

  get state(): ClusterState {
    return this.#state;
  }

  /** Says which phase begins, and why where it failed. */
  phase(phase: ClusterState["phase"], error?: string): void {
    const { doing: _, ...state } = this.#state;
    this.#state = { ...state, phase, ...(error !== undefined && { error }) };
    this.#write();
  }

  doing(doing: string): void {
    this.#state = { ...this.#state, doing };
    this.#write();
  }

  warn(warning: string): void {
    if (this.#state.warnings.includes(warning)) return;
    this.#state = { ...this.#state, warnings: [...this.#state.warnings, warning] };
    this.#write();
  }

  /** Replaces what is known of the process with this name. */
  update(managed: ManagedProcessInfo): void {
    const others = this.#state.processes.filter(({ name }) => name !== managed.name);
    const processes = [...others, managed].sort((a, b) => a.name.localeCompare(b.name));
    this.#state = { ...this.#state, processes };
    this.#write();
  }

  /** What cannot be written now is written with the next change: it must never keep a cluster from stopping. */
  #write(): void {
    try {
      writeJson(this.#path, this.#state, this.#platform);
    } catch {
      // The folder is gone, the disk is full, or another program holds the file.
    }
  }
}
