/** Words of `KTable`, `KGroupedTable`, `GlobalKTable`, `Suppressed` and their options. */
import { string } from "../../lib/streams/mod.ts";
import { s, type Sent, t, texts, u, type Word, word } from "./word.ts";

const rows: readonly Sent[] = [["t", "k", "a", 1], ["t", "k", "bb", 2], ["t", "k", null, 3]];
const both: readonly Sent[] = [["t", "k", "a", 1], ["u", "k", "b", 2]];
const foreign: readonly Sent[] = [["u", "f", "far", 1], ["t", "k", "f", 2]];

export const TABLE_WORDS: readonly Word[] = [
  word(
    "KTable#filter",
    "`table.filter(predicate)`",
    (app) => app.table(t).filter((row) => row.length < 2).toStream().to("out"),
    rows,
    [["k", "a"], ["k", null], ["k", null]],
  ),
  word(
    "KTable#filterNot",
    "`table.filterNot(predicate)`",
    (app) => app.table(t).filterNot((row) => row.length > 1).toStream().to("out"),
    rows,
    [["k", "a"], ["k", null], ["k", null]],
  ),
  word(
    "KTable#filter(predicate, Materialized.as)",
    "`table.filter(predicate, { store })`",
    (app) => app.table(t).filter(() => true, { store: "all" }).toStream().to("out"),
    [["t", "k", "a", 1]],
    [["k", "a"]],
  ),
  word(
    "KTable#mapValues",
    "`table.mapValues(…)`",
    (app) => app.table(t).mapValues((row) => row + "!", texts).toStream().to("out"),
    rows,
    [["k", "a!"], ["k", "bb!"], ["k", null]],
  ),
  word(
    "KTable#transformValues",
    "`table.transformValues(name, factory, { stores })`",
    (app) =>
      app.table(t).transformValues("loud", () => (row) => `${row}!`, texts).toStream().to("out"),
    rows,
    [["k", "a!"], ["k", "bb!"], ["k", "null!"]],
  ),
  word(
    "KTable#toStream",
    "`table.toStream()`",
    (app) => app.table(t).toStream().to("out"),
    rows,
    [["k", "a"], ["k", "bb"], ["k", null]],
  ),
  word(
    "KTable#toStream(mapper)",
    "`table.toStream((value, { key }) => newKey)`",
    (app) => app.table(t).toStream((row, { key }) => key + row, { key: string }).to("out"),
    [["t", "k", "a", 1]],
    [["ka", "a"]],
  ),
  word(
    "KTable#groupBy",
    "`table.groupBy(name, (value) => ({ key, value }))`",
    (app) =>
      app.table(t).groupBy("lengths", (row, { key }) => ({ key: `${row.length}`, value: key }), {
        ...{ key: string, value: string },
      }).count("n").toStream().to("out"),
    rows,
    [["1", 1], ["1", 0], ["2", 1], ["2", 0]],
  ),
  word(
    "KTable#join",
    "`table.join(other, joiner)`",
    (app) => app.table(t).join(app.table(u), (a, b) => a + b, texts).toStream().to("out"),
    both,
    [["k", "ab"]],
  ),
  word(
    "KTable#leftJoin",
    "`table.leftJoin(other, joiner)`",
    (app) => app.table(t).leftJoin(app.table(u), (a, b) => a + b, texts).toStream().to("out"),
    both,
    [["k", "anull"], ["k", "ab"]],
  ),
  word(
    "KTable#outerJoin",
    "`table.outerJoin(other, joiner)`",
    (app) => app.table(t).outerJoin(app.table(u), (a, b) => `${a}${b}`, texts).toStream().to("out"),
    [["u", "k", "b", 1], ["t", "k", "a", 2]],
    [["k", "nullb"], ["k", "ab"]],
  ),
  word(
    "KTable#join (foreign key)",
    "`table.join(other, foreignKey, joiner)`",
    (app) =>
      app.table(t).join(app.table(u), (row) => row, (row, far) => row + far, texts).toStream()
        .to("out"),
    foreign,
    [["k", "ffar"]],
  ),
  word(
    "KTable#leftJoin (foreign key)",
    "`table.leftJoin(other, foreignKey, joiner)`",
    (app) =>
      app.table(t).leftJoin(app.table(u), (row) => row, (row, far) => row + far, texts).toStream()
        .to("out"),
    [["t", "k", "f", 2]],
    [["k", "fnull"]],
  ),
  word(
    "TableJoined.with(partitioner, otherPartitioner)",
    "`{ partition }` of the foreign-key join",
    (app) =>
      app.table(t).join(app.table(u), (row) => row, (row, far) => row + far, {
        ...{ ...texts, partition: (foreignKey, partitions) => foreignKey.length % partitions },
      }).toStream().to("out"),
    foreign,
    [["k", "ffar"]],
  ),
  word(
    "KTable#suppress(Suppressed.untilTimeLimit)",
    '`table.suppress({ until: "timeLimit", limitMs })`',
    (app) => app.table(t).suppress({ until: "timeLimit", limitMs: 10 }).toStream().to("out"),
    [["t", "k", "a", 1], ["t", "k", "b", 2], ["t", "other", "c", 11]],
    [["k", "b"]],
  ),
  word(
    "BufferConfig.maxRecords, .maxBytes, #emitEarlyWhenFull, #shutDownWhenFull",
    '`{ maxRecords, maxBytes, whenFull: "emit" | "stop" }` of `suppress`',
    (app) =>
      app.table(t).suppress({
        ...{ until: "timeLimit", limitMs: 10, maxRecords: 1, whenFull: "emit" },
      }).toStream().to("out"),
    [["t", "k", "a", 1], ["t", "l", "b", 2]],
    [["k", "a"]],
  ),
  word(
    "KTable#queryableStoreName, GlobalKTable#queryableStoreName",
    "`table.name`",
    (app) => {
      const named = app.table(t, { name: "latest" });
      app.stream(s).mapValues(() => named.name ?? "", texts).to("out");
    },
    [["s", "k", "v", 1]],
    [["k", "latest"]],
  ),
  word(
    "KGroupedTable#count",
    "`table.groupBy(…).count(name)`",
    (app) =>
      app.table(t).groupBy("all", (row) => ({ key: "all", value: row }), {
        ...{ key: string, value: string },
      }).count("n").toStream().to("out"),
    rows,
    [["all", 1], ["all", 1], ["all", 0]],
  ),
  word(
    "KGroupedTable#reduce",
    "`table.groupBy(…).reduce(name, { add, subtract })`",
    (app) =>
      app.table(t).groupBy("all", (row) => ({ key: "all", value: row.length })).reduce("sum", {
        add: (sum, n) => sum + n,
        subtract: (sum, n) => sum - n,
      }).toStream().to("out"),
    [["t", "k", "a", 1], ["t", "l", "bb", 2]],
    [["all", 1], ["all", 3]],
  ),
  word(
    "KGroupedTable#aggregate",
    "`table.groupBy(…).aggregate(name, { init, add, subtract })`",
    (app) =>
      app.table(t).groupBy("all", (row) => ({ key: "all", value: row })).aggregate("sum", {
        init: () => 0,
        add: (sum, row) => sum + row.length,
        subtract: (sum, row) => sum - row.length,
      }).toStream().to("out"),
    [["t", "k", "a", 1], ["t", "l", "bb", 2]],
    [["all", 1], ["all", 3]],
  ),
];
