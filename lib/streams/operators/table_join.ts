/** Two tables, row by row. */
import { EncodedValue } from "../state/encoded_value.ts";
import { FlowRecord, NOWHERE } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";
import type { TableGetter } from "./table_getter.ts";
import type { OldValues } from "./table_map.ts";

/** Which rows without a partner count: "inner" none, "left" the left table's, "outer" both. */
export type JoinType = "inner" | "left" | "outer";

/** Makes a row of two; a missing side is null. */
// deno-lint-ignore no-explicit-any
export type RowJoiner = (left: any, right: any, record: FlowRecord) => unknown;

/**
 * One side's changes, joined with the other side's row.
 *
 * See: Kafka Streams' `KTableKTable{Inner,Left,Right,Outer}Join`
 */
export function tableJoinSide(
  side: "left" | "right",
  other: TableGetter,
  options: { readonly type: JoinType; readonly joiner: RowJoiner; readonly old: OldValues },
): () => Operator {
  const { type, joiner, old } = options;
  // May a row stand alone, when it is on this side, or on the other?
  const alone = type === "outer" || (type === "left" && side === "left");
  const otherAlone = type === "outer" || (type === "left" && side === "right");
  return operator((context) => {
    const lookup = other.open(context);
    const result = (
      record: FlowRecord,
      mine: EncodedValue<unknown>,
      other: EncodedValue<unknown>,
    ) => {
      if (mine.isNull && (other.value === null || !otherAlone)) return EncodedValue.null;
      const own = mine.copy(), theirs = other.copy();
      return EncodedValue.of(
        side === "left" ? joiner(own, theirs, record) : joiner(theirs, own, record),
      );
    };
    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      if (!record.isLatest) return context.drop("out of order", record);
      const row = lookup(record.encodedKey);
      const theirs = row ? row.value : EncodedValue.null;
      if (theirs.value === null) {
        if (!alone) return context.drop("no match", record);
        if (record.encodedValue.isNull && record.encodedOld.isNull) {
          return context.drop("unchanged", record);
        }
      }
      const timestamp = row ? Math.max(record.timestamp, row.timestamp) : record.timestamp;
      const after = result(record, record.encodedValue, theirs);
      const before = old.needed ? result(record, record.encodedOld, theirs) : EncodedValue.null;
      context.forward(record.withChange(after, before, timestamp));
    };
  });
}

/** Rows of a join, computed when somebody asks: nothing is stored twice. */
export function joinedGetter(
  left: TableGetter,
  right: TableGetter,
  { type, joiner }: { readonly type: JoinType; readonly joiner: RowJoiner },
): TableGetter {
  return {
    stores: [...new Set([...left.stores, ...right.stores])],
    open(context) {
      const lookLeft = left.open(context), lookRight = right.open(context);
      // The latest rows, also for a stream that asks for a time: a join of two versioned tables is not versioned.
      return (key) => {
        const mine = lookLeft(key);
        if (!mine && type !== "outer") return undefined;
        const theirs = lookRight(key);
        if (!mine && !theirs || !theirs && type === "inner") return undefined;
        const timestamp = Math.max(mine?.timestamp ?? -1, theirs?.timestamp ?? -1);
        const record = new FlowRecord(key, EncodedValue.null, timestamp, NOWHERE);
        const value = joiner(mine?.value.value ?? null, theirs?.value.value ?? null, record);
        return { value: EncodedValue.of(value), timestamp };
      };
    },
  };
}
