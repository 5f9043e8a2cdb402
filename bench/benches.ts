import type { Bench } from "./bench.ts";
import { avroDecode, avroEncode } from "./benches/avro.ts";
import { consume, produce, produceGzip } from "./benches/clients.ts";
import { centerLarge } from "./benches/center_large.ts";
import { centerMessages } from "./benches/center_messages.ts";
import { controlCenter } from "./benches/control_center.ts";
import { ENGINE_BENCHES } from "./benches/engines.ts";
import { latencyP50, latencyP99 } from "./benches/latency.ts";
import { rebalance } from "./benches/rebalance.ts";
import { restore } from "./benches/restore.ts";
import { standby } from "./benches/standby.ts";

/** Every bench, in the order in which all of them run. */
export const BENCHES: readonly Bench[] = [
  produce,
  produceGzip,
  consume,
  ...ENGINE_BENCHES,
  latencyP50,
  latencyP99,
  avroEncode,
  avroDecode,
  restore,
  rebalance,
  standby,
  controlCenter,
  centerMessages,
  centerLarge,
];

/**
 * The benches that were asked for by name, each once. What is no bench's name stands for those that begin with it: `avro`
 * is both, `produce` one.
 *
 * @throws {TypeError} If there is none of a name.
 */
export function chosen(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return BENCHES;
  const all = names.flatMap((wanted) => {
    const found = BENCHES.filter(({ name }) => name === wanted);
    const begun = found.length > 0
      ? found
      : BENCHES.filter(({ name }) => name.startsWith(`${wanted}-`));
    if (begun.length > 0) return begun;
    const names = BENCHES.map(({ name }) => name).join(", ");
    throw new TypeError(`Cannot run the bench "${wanted}": there is none of that name (${names})`);
  });
  return [...new Set(all)];
}
