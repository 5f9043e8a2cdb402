import type { CompatibilityMode, Incompatibility } from "./compatibility.ts";

/** The schema registry did not do what was asked. */
export class RegistryError extends Error {
  /** `RegistryError`. */
  override readonly name: string = "RegistryError";
  /** HTTP status; undefined when no answer came. */
  readonly status?: number;
  /** The registry's own code, such as 40403 for an unknown schema id. */
  readonly errorCode?: number;
  /** True when the same request may succeed later: no answer, or HTTP 5xx. */
  readonly retriable: boolean;

  /** Made by the client. */
  constructor(
    message: string,
    details: {
      readonly status?: number;
      readonly errorCode?: number;
      readonly retriable: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    if (details.status !== undefined) this.status = details.status;
    if (details.errorCode !== undefined) this.errorCode = details.errorCode;
    this.retriable = details.retriable;
  }
}

/** The registry refused a schema because it breaks the subject's compatibility mode. */
export class IncompatibleSchemaError extends RegistryError {
  /** `IncompatibleSchemaError`. */
  override readonly name = "IncompatibleSchemaError";
  /** The subject that stays as it was. */
  readonly subject: string;
  /** The promise that is broken; undefined where the registry did not tell. */
  readonly mode?: CompatibilityMode;
  /** Fields and rules; empty where only the registry saw a reason: its words are in the message. */
  readonly reasons: readonly Incompatibility[];

  /** Made by the client. */
  constructor(
    message: string,
    details: {
      readonly subject: string;
      readonly mode?: CompatibilityMode;
      readonly reasons: readonly Incompatibility[];
      readonly cause?: unknown;
    },
  ) {
    super(message, { status: 409, retriable: false, cause: details.cause });
    this.subject = details.subject;
    if (details.mode !== undefined) this.mode = details.mode;
    this.reasons = details.reasons;
  }
}
