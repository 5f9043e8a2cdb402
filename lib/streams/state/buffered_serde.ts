/**
 * An update that is held back: whose turn it is when, its value, and the value it replaces.
 *
 * @module
 */
import { decodeJson, encodeText, type RecordHeader, type Serde } from "../../serde/mod.ts";
import type { AnySerde } from "../topology/serde.ts";
import { NOWHERE, type Origin } from "../operators/flow_record.ts";
import { composedSerde } from "./composed_serde.ts";
import { EncodedValue } from "./encoded_value.ts";
import { joinParts, partsOf } from "./framed_parts.ts";
import { type Pair, pairSerde } from "./pair_serde.ts";
import { toBytes, toStateKey } from "./state_key.ts";

/** A held update. */
export interface Buffered {
  /** Epoch milliseconds by which updates leave in order. */
  readonly turn: number;
  // deno-lint-ignore no-explicit-any
  readonly value: EncodedValue<any>;
  // deno-lint-ignore no-explicit-any
  readonly old: EncodedValue<any>;
  /** What others see meanwhile: the value before the first update that is held. */
  // deno-lint-ignore no-explicit-any
  readonly prior: EncodedValue<any>;
  /** Where the update came from: it leaves with its own headers. */
  readonly origin: Origin;
}

const TURN_BYTES = 8;

/** Eight bytes of turn, then three parts with their length (4) before each: new and old value; prior value; origin. */
export function bufferedSerde(inner: AnySerde): Serde<Buffered> {
  const pair = pairSerde(inner);
  const serde: Serde<Buffered> = {
    encode({ turn, value, old, prior, origin }, topic) {
      const first = pair.encode([value, old], topic),
        second = pair.encode([prior, EncodedValue.null], topic),
        third = encodeOrigin(origin);
      return first instanceof Promise || second instanceof Promise
        ? Promise.all([first, second]).then(([one, two]) =>
          joinParts(headOf(turn), [one!, two!, third])
        )
        : joinParts(headOf(turn), [first!, second!, third]);
    },
    decode(bytes, topic) {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.length);
      const parts = partsOf(bytes!, TURN_BYTES);
      const [value, old] = pair.decode(parts[0]!, topic) as Pair;
      const [prior] = pair.decode(parts[1]!, topic) as Pair;
      // Rows written before updates kept their origin have two parts.
      const origin = parts[2] ? decodeOrigin(parts[2]) : NOWHERE;
      return { turn: Number(view.getBigInt64(0)), value, old, prior, origin };
    },
  };
  return composedSerde(serde, [inner], ({ value, old, prior }) => [value, old, prior]);
}

function headOf(turn: number): Uint8Array {
  const head = new Uint8Array(TURN_BYTES);
  new DataView(head.buffer).setBigInt64(0, BigInt(turn));
  return head;
}

/** As JSON, header bytes as text in Latin 1. The record's own bytes are left out: they may be large. */
function encodeOrigin({ topic, partition, offset, headers = [] }: Origin): Uint8Array {
  const pairs = headers.map(([name, bytes]) => [name, bytes && toStateKey(bytes)]);
  return encodeText(JSON.stringify([topic, partition, offset, pairs]));
}

function decodeOrigin(bytes: Uint8Array): Origin {
  const [topic, partition, offset, pairs] = decodeJson(bytes) as [
    string,
    number,
    number,
    [string, string | null][],
  ];
  const headers = pairs.map((
    [name, text],
  ): RecordHeader => [name, text === null ? null : toBytes(text)]);
  return { ...NOWHERE, topic, partition, offset, headers: pairs.length > 0 ? headers : undefined };
}
