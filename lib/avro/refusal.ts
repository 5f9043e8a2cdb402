import type { CompatibilityMode, Incompatibility } from "./compatibility.ts";
import { IncompatibleSchemaError, type RegistryError } from "./errors.ts";

/** What is known about a refused schema. */
export interface Refusal {
  readonly subject: string;
  readonly mode?: CompatibilityMode;
  readonly reasons?: readonly Incompatibility[];
  /** Version numbers that the reasons' `index` counts. */
  readonly previous?: readonly number[];
  /** The registry's own answer: the only source where the check here found nothing. */
  readonly error: RegistryError;
}

/**
 * Says why a registry refused a schema: subject, field and rule, in the words of the check made here where it found
 * the reason, else in the registry's.
 */
export function refusal(
  { subject, mode, reasons = [], previous = [], error }: Refusal,
): IncompatibleSchemaError {
  const promise = mode === undefined ? "it is not compatible" : `it breaks ${mode}`;
  const why = reasons.length > 0
    ? reasons.map((one) => reasonText(one, previous[one.index])).join("; ")
    : registryReasons(error.message);
  const message = `Cannot register the schema of subject "${subject}": ${promise}, ${why} ` +
    "(put the schema back, or choose another compatibility mode)";
  return new IncompatibleSchemaError(message, {
    subject,
    reasons,
    cause: error,
    ...(mode !== undefined && { mode }),
  });
}

/**
 * One reason as a sentence: `field "total_amount": a string reader cannot read a float (TYPE_MISMATCH, version 1)`.
 *
 * @param version The earlier version's number, when it is known.
 */
export function reasonText(reason: Incompatibility, version?: number): string {
  const where = reason.field === "" ? "the schema itself" : `field "${reason.field}"`;
  const reader = reason.direction === "backward" ? "new" : "old";
  const against = version === undefined ? "" : ` against version ${version}`;
  return `${where}: ${reason.message} (${reason.rule}, ${reader} reader${against})`;
}

/**
 * Cuts the reasons out of a registry's message: Apicurio's `list of diff types: [… at /fields/4/type]`, Confluent's
 * `{errorType:'TYPE_MISMATCH', description:'…'}`.
 */
export function registryReasons(message: string): string {
  const apicurio = message.match(/list of diff types: \[(.*?)\]?$/)?.[1];
  if (apicurio !== undefined) return `the registry says: ${apicurio}`;
  const confluent = [
    ...message.matchAll(
      /errorType:\s*['"](\w+)['"],\s*description:\s*['"](.*?)['"],\s*additionalInfo/g,
    ),
  ];
  if (confluent.length > 0) {
    return `the registry says: ${
      confluent.map(([, type, text]) => `${text} (${type})`).join("; ")
    }`;
  }
  return `the registry says: ${message.replace(/^.*answered HTTP 409:? ?/, "") || "no reason"}`;
}
