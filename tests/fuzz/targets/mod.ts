import type { Target } from "../target.ts";
import { AVRO } from "./avro.ts";
import { BATCHES } from "./batches.ts";
import { CONTROL_CENTER } from "./control_center.ts";
import { FILES } from "./files.ts";
import { SETTINGS } from "./settings.ts";
import { STREAMS } from "./streams.ts";
import { WIRE } from "./wire.ts";

/** Every decoder of bytes that strangers write. */
export const TARGETS: readonly Target[] = [
  ...BATCHES,
  ...WIRE,
  ...AVRO,
  ...FILES,
  ...STREAMS,
  ...CONTROL_CENTER,
  ...SETTINGS,
];
