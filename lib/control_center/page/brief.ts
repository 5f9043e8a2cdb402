/** A field of JSON whose value is plain and whole: a comma or the end comes after it. */
const FIELD = /"[^"\\]*":(?:"([^"\\]*)"|(-?[\d.]+(?:[eE][-+]?\d+)?|true|false|null))(?=[,}])/g;

/**
 * What a small box has room for: of JSON the values alone, of JSON that was cut those that are whole.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { brief } from "./brief.ts";
 * assert.equal(brief('{"vendorId":1,"trip_distance":0.29,"paym'), "1, 0.29");
 * ```
 */
export function brief(value: string | null): string {
  if (value === null) return "∅";
  if (!value.startsWith("{")) return value;
  try {
    return Object.values(JSON.parse(value))
      .map((one) => typeof one === "string" ? one : JSON.stringify(one)).join(", ");
  } catch {
    const whole = [...value.matchAll(FIELD)].map(([, text, plain]) => text ?? plain);
    return whole.length > 0 ? whole.join(", ") : value;
  }
}
