/** Words of `KStream`, `BranchedKStream` and their options. */
import { string } from "../../lib/streams/mod.ts";
import { s, type Sent, t, text, texts, u, type Word, word } from "./word.ts";

const one: readonly Sent[] = [["s", "k", "v", 1]];
const several: readonly Sent[] = [["s", "k", "a", 1], ["s", "k", "bb", 2]];
const joined: readonly Sent[] = [["s", "k", "l", 1], ["t", "k", "r", 2], ["s", "k", "m", 3]];

export const STREAM_WORDS: readonly Word[] = [
  word(
    "KStream#filter",
    "`stream.filter(predicate)`",
    (app) => app.stream(s).filter((word) => word.length > 1).to("out"),
    several,
    [["k", "bb"]],
  ),
  word(
    "KStream#filterNot",
    "`stream.filterNot(predicate)`",
    (app) => app.stream(s).filterNot((word) => word.length > 1).to("out"),
    several,
    [["k", "a"]],
  ),
  word(
    "KStream#mapValues",
    "`stream.mapValues((value, record) => …)`",
    (app) => app.stream(s).mapValues((word, { key }) => key + word, texts).to("out"),
    one,
    [["k", "kv"]],
  ),
  word(
    "KStream#flatMapValues",
    "`stream.flatMapValues(…)`",
    (app) => app.stream(s).flatMapValues((word) => [...word], texts).to("out"),
    several,
    [["k", "a"], ["k", "b"], ["k", "b"]],
  ),
  word(
    "KStream#map",
    "`stream.map((value) => ({ key, value }))`",
    (app) =>
      app.stream(s).map((word, { key }) => ({ key: word, value: key }), {
        ...{ key: string, value: string },
      }).to("out"),
    one,
    [["v", "k"]],
  ),
  word(
    "KStream#flatMap",
    "`stream.flatMap((value) => [{ key, value }])`",
    (app) =>
      app.stream(s).flatMap((word) => [...word].map((key) => ({ key, value: word })), {
        ...{ key: string, value: string },
      }).to("out"),
    several,
    [["a", "a"], ["b", "bb"], ["b", "bb"]],
  ),
  word(
    "KStream#selectKey",
    "`stream.selectKey(…)`",
    (app) => app.stream(s).selectKey((word) => word, { key: string }).to("out"),
    one,
    [["v", "v"]],
  ),
  word(
    "KStream#peek",
    "`stream.peek(action)`",
    (app) => app.stream(s).peek(() => {}).to("out"),
    one,
    [["k", "v"]],
  ),
  word(
    "KStream#foreach",
    "`stream.foreach(action)`",
    (app) => app.stream(s).foreach(() => {}),
    one,
    [],
  ),
  word(
    "KStream#print(Printed.toSysOut())",
    "`stream.peek((value, { key }) => console.log(key, value))`",
    (app) => app.stream(s).peek((value, { key }) => void [key, value]).to("out"),
    one,
    [["k", "v"]],
  ),
  word(
    "KStream#merge",
    "`stream.merge(other)`",
    (app) => app.stream(s).merge(app.stream(text("b"))).to("out"),
    [["s", "k", "1", 1], ["b", "k", "2", 2]],
    [["k", "1"], ["k", "2"]],
  ),
  word(
    "KStream#split, BranchedKStream#branch",
    "`stream.split({ name: predicate })`",
    (app) => app.stream(s).split({ short: (word) => word.length < 2 }).short.to("out"),
    several,
    [["k", "a"]],
  ),
  word(
    "BranchedKStream#defaultBranch(Branched.as)",
    '`split(…, { defaultBranch: name })`; "rest" by itself',
    (app) =>
      app.stream(s).split({ short: (word) => word.length < 2 }, { defaultBranch: "long" }).long
        .to("out"),
    several,
    [["k", "bb"]],
  ),
  word(
    "BranchedKStream#noDefaultBranch",
    "`split(…, { defaultBranch: false })`",
    (app) =>
      app.stream(s).split({ short: (word) => word.length < 2 }, { defaultBranch: false }).short
        .to("out"),
    several,
    [["k", "a"]],
  ),
  word(
    "KStream#branch (before 4.0)",
    "`stream.branch(…predicates)`",
    (app) => app.stream(s).branch((word) => word.length < 2, () => true)[1]!.to("out"),
    several,
    [["k", "bb"]],
  ),
  word(
    "KStream#repartition(Repartitioned.as)",
    "`stream.repartition(name)`",
    (app) => app.stream(s).repartition("moved").to("out"),
    one,
    [["k", "v"]],
  ),
  word(
    "Repartitioned#withNumberOfPartitions",
    "`stream.repartition(name, { partitions })`",
    (app) => app.stream(s).repartition("moved", { partitions: 3 }).to("out"),
    one,
    [["k", "v"]],
  ),
  word(
    "Repartitioned#withStreamPartitioner",
    "`stream.repartition(name, { partition })`",
    (app) =>
      app.stream(s).repartition("moved", { partition: ({ value }, n) => value.length % n })
        .to("out"),
    one,
    [["k", "v"]],
  ),
  word(
    "KStream#groupByKey",
    "`stream.groupByKey()`",
    (app) => app.stream(s).groupByKey().count("n").toStream().to("out"),
    several,
    [["k", 1], ["k", 2]],
  ),
  word(
    "KStream#groupBy(Grouped.as)",
    "`stream.groupBy(name, mapper, { key })`",
    (app) =>
      app.stream(s).groupBy("by-word", (word) => word, { key: string }).count("n").toStream()
        .to("out"),
    several,
    [["a", 1], ["bb", 1]],
  ),
  word(
    "KStream#toTable",
    "`stream.toTable(name)`",
    (app) => app.stream(t).toTable("latest").toStream().to("out"),
    [["t", "k", "v", 1], ["t", "k", null, 2]],
    [["k", "v"], ["k", null]],
  ),
  word(
    "KStream#to(topic)",
    "`stream.to(topic)`",
    (app) => app.stream(s).to(text("out")),
    one,
    [["k", "v"]],
  ),
  word(
    "KStream#to(topicNameExtractor)",
    "`stream.to((value) => topic)`",
    (app) => app.stream(s).to((word) => word === "v" ? "out" : "other"),
    [["s", "k", "v", 1], ["s", "k", "w", 2]],
    [["k", "v"]],
  ),
  word(
    "Produced.with(keySerde, valueSerde)",
    "`stream.to(topic, { key, value })`",
    (app) => app.stream(s).mapValues((word) => word).to("out", { key: string, value: string }),
    one,
    [["k", "v"]],
  ),
  word(
    "Produced#withStreamPartitioner",
    "`stream.to(topic, { partition })`",
    (app) => app.stream(s).to("out", { partition: ({ value }, n) => value.length % n }),
    one,
    [["k", "v"]],
  ),
  word(
    "KStream#join(KStream, JoinWindows.of…)",
    "`stream.join(other, joiner, { beforeMs, afterMs })`",
    (app) =>
      app.stream(s).join(app.stream(t), (left, right) => left + right, {
        ...{ beforeMs: 5, afterMs: 5, value: string },
      }).to("out"),
    joined,
    [["k", "lr"], ["k", "mr"]],
  ),
  word(
    "KStream#leftJoin(KStream)",
    "`stream.leftJoin(other, joiner, { afterMs })`",
    (app) =>
      app.stream(s).leftJoin(app.stream(t), (left, right) => left + right, {
        ...{ afterMs: 1, value: string },
      }).to("out"),
    [["s", "k", "l", 1], ["s", "k", "m", 9]],
    [["k", "lnull"]],
  ),
  word(
    "KStream#outerJoin(KStream)",
    "`stream.outerJoin(other, joiner, { afterMs })`",
    (app) =>
      app.stream(s).outerJoin(app.stream(t), (left, right) => `${left}${right}`, {
        ...{ afterMs: 1, value: string },
      }).to("out"),
    [["t", "k", "r", 1], ["s", "k", "m", 9]],
    [["k", "nullr"]],
  ),
  word(
    "JoinWindows.ofTimeDifferenceAndGrace",
    "`{ beforeMs, afterMs, graceMs }`",
    (app) =>
      app.stream(s).join(app.stream(t), (left, right) => left + right, {
        ...{ beforeMs: 1, afterMs: 1, graceMs: 50, value: string },
      }).to("out"),
    [["s", "k", "l", 1], ["s", "k", "m", 40], ["t", "k", "r", 2]],
    [["k", "lr"]],
  ),
  word(
    "JoinWindows#before, #after",
    "`{ beforeMs }` alone, `{ afterMs }` alone",
    (app) =>
      app.stream(s).join(app.stream(t), (left, right) => left + right, {
        ...{ afterMs: 5, value: string },
      }).to("out"),
    joined,
    [["k", "lr"]],
  ),
  word(
    "StreamJoined.as, #withKeySerde, #withValueSerde",
    "`{ name, key, value }` of the join",
    (app) =>
      app.stream(s).join(app.stream(t), (left, right) => left + right, {
        ...{ afterMs: 5, name: "pairs", key: string, value: string },
      }).to("out"),
    joined,
    [["k", "lr"]],
  ),
  word(
    "KStream#join(KTable)",
    "`stream.join(table, joiner)`",
    (app) => app.stream(s).join(app.table(t), (left, row) => left + row, texts).to("out"),
    joined,
    [["k", "mr"]],
  ),
  word(
    "KStream#leftJoin(KTable)",
    "`stream.leftJoin(table, joiner)`",
    (app) => app.stream(s).leftJoin(app.table(t), (left, row) => left + row, texts).to("out"),
    joined,
    [["k", "lnull"], ["k", "mr"]],
  ),
  word(
    "Joined#withGracePeriod",
    "`stream.join(table, joiner, { graceMs })`",
    (app) => {
      const rows = app.table(t, { versionedMs: 1_000 });
      app.stream(s).join(rows, (left, row) => left + row, { ...texts, graceMs: 10 }).to("out");
    },
    [["s", "k", "l", 5], ["t", "k", "r", 4], ["s", "k", "m", 20]],
    [["k", "lr"]],
  ),
  word(
    "KStream#join(GlobalKTable)",
    "`stream.join(globalTable, keyOf, joiner)`",
    (app) =>
      app.stream(s).join(app.globalTable(u), (word) => word, (word, row) => word + row, texts)
        .to("out"),
    [["u", "v", "!", 0], ["s", "k", "v", 1], ["s", "k", "w", 2]],
    [["k", "v!"]],
  ),
  word(
    "KStream#leftJoin(GlobalKTable)",
    "`stream.leftJoin(globalTable, keyOf, joiner)`",
    (app) =>
      app.stream(s).leftJoin(app.globalTable(u), (word) => word, (word, row) => word + row, texts)
        .to("out"),
    [["u", "v", "!", 0], ["s", "k", "v", 1], ["s", "k", "w", 2]],
    [["k", "v!"], ["k", "wnull"]],
  ),
];
