/** Words of `KGroupedStream`, `CogroupedKStream`, and of windows. */
import {
  type App,
  hopping,
  session,
  sliding,
  string,
  tumbling,
  unlimited,
  windowed,
} from "../../lib/streams/mod.ts";
import { s, type Sent, t, texts, type Word, word } from "./word.ts";

const two: readonly Sent[] = [["s", "k", "a", 1], ["s", "k", "bb", 12]];
const grouped = (app: App) => app.stream(s).groupByKey();
const at = (start: number, end: number) => ({ key: "k", start, end });
const length = { init: () => 0, add: (sum: number, word: string) => sum + word.length };
const growing = { ...length, merge: (left: number, right: number) => left + right };

export const GROUP_WORDS: readonly Word[] = [
  word(
    "KGroupedStream#count",
    "`grouped.count(name)`",
    (app) => grouped(app).count("n").toStream().to("out"),
    two,
    [["k", 1], ["k", 2]],
  ),
  word(
    "KGroupedStream#reduce",
    "`grouped.reduce(name, reducer)`",
    (app) => grouped(app).reduce("all", (all, word) => all + word).toStream().to("out"),
    two,
    [["k", "a"], ["k", "abb"]],
  ),
  word(
    "KGroupedStream#aggregate",
    "`grouped.aggregate(name, { init, add })`",
    (app) => grouped(app).aggregate("sum", length).toStream().to("out"),
    two,
    [["k", 1], ["k", 3]],
  ),
  word(
    "KGroupedStream#cogroup, CogroupedKStream#cogroup, #aggregate",
    "`grouped.cogroup(add).cogroup(other, add).aggregate(name, init)`",
    (app) =>
      grouped(app).cogroup<string>((all, word) => all + word)
        .cogroup(app.stream(t).groupByKey(), (all, word) => `${all}(${word})`)
        .aggregate("both", () => "", texts).toStream().to("out"),
    [["s", "k", "a", 1], ["t", "k", "b", 2]],
    [["k", "a"], ["k", "a(b)"]],
  ),
  word(
    "KGroupedStream#windowedBy, TimeWindows.ofSizeWithNoGrace",
    "`grouped.windowedBy(tumbling({ sizeMs }))`",
    (app) => grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n").toStream().to("out"),
    two,
    [[at(0, 10), 1], [at(10, 20), 1]],
  ),
  word(
    "TimeWindows.ofSizeAndGrace",
    "`tumbling({ sizeMs, graceMs })`",
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10, graceMs: 5 })).count("n").toStream().to("out"),
    [...two, ["s", "k", "late", 2]],
    [[at(0, 10), 1], [at(10, 20), 1], [at(0, 10), 2]],
  ),
  word(
    "TimeWindows#advanceBy",
    "`hopping({ sizeMs, advanceMs })`",
    (app) =>
      grouped(app).windowedBy(hopping({ sizeMs: 10, advanceMs: 5 })).count("n").toStream()
        .to("out"),
    [["s", "k", "a", 7]],
    [[at(0, 10), 1], [at(5, 15), 1]],
  ),
  word(
    "SlidingWindows.ofTimeDifferenceAndGrace",
    "`sliding({ differenceMs, graceMs })`",
    (app) =>
      grouped(app).windowedBy(sliding({ differenceMs: 10, graceMs: 5 })).count("n").toStream()
        .to("out"),
    [["s", "k", "a", 20]],
    [[at(10, 20), 1]],
  ),
  word(
    "SessionWindows.ofInactivityGapAndGrace",
    "`session({ gapMs, graceMs })`",
    (app) =>
      grouped(app).windowedBy(session({ gapMs: 5, graceMs: 5 })).count("n").toStream().to("out"),
    two,
    [[at(1, 1), 1], [at(12, 12), 1]],
  ),
  word(
    "UnlimitedWindows.of, #startOn",
    "`unlimited({ startMs })`",
    (app) => grouped(app).windowedBy(unlimited({ startMs: 10 })).count("n").toStream().to("out"),
    two,
    [[at(10, Number.MAX_SAFE_INTEGER), 1]],
  ),
  word(
    "TimeWindowedKStream#count",
    "`windowed.count(name)`",
    (app) => grouped(app).windowedBy(tumbling({ sizeMs: 100 })).count("n").toStream().to("out"),
    two,
    [[at(0, 100), 1], [at(0, 100), 2]],
  ),
  word(
    "TimeWindowedKStream#reduce",
    "`windowed.reduce(name, reducer)`",
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 100 })).reduce("all", (all, word) => all + word)
        .toStream().to("out"),
    two,
    [[at(0, 100), "a"], [at(0, 100), "abb"]],
  ),
  word(
    "TimeWindowedKStream#aggregate",
    "`windowed.aggregate(name, { init, add })`",
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 100 })).aggregate("sum", length).toStream()
        .to("out"),
    two,
    [[at(0, 100), 1], [at(0, 100), 3]],
  ),
  word(
    "SessionWindowedKStream#count",
    "`sessions.count(name)`",
    (app) => grouped(app).windowedBy(session({ gapMs: 20 })).count("n").toStream().to("out"),
    two,
    [[at(1, 1), 1], [at(1, 1), null], [at(1, 12), 2]],
  ),
  word(
    "SessionWindowedKStream#reduce",
    "`sessions.reduce(name, reducer)`",
    (app) =>
      grouped(app).windowedBy(session({ gapMs: 20 })).reduce("all", (all, word) => all + word)
        .toStream().to("out"),
    two,
    [[at(1, 1), "a"], [at(1, 1), null], [at(1, 12), "abb"]],
  ),
  word(
    "SessionWindowedKStream#aggregate",
    "`sessions.aggregate(name, { init, add, merge })`",
    (app) =>
      grouped(app).windowedBy(session({ gapMs: 20 })).aggregate("sum", growing).toStream()
        .to("out"),
    two,
    [[at(1, 1), 1], [at(1, 1), null], [at(1, 12), 3]],
  ),
  word(
    "CogroupedKStream#windowedBy, TimeWindowedCogroupedKStream#aggregate",
    "`cogrouped.windowedBy(tumbling(…)).aggregate(name, init)`",
    (app) =>
      grouped(app).cogroup<number>((n) => n + 1).windowedBy(tumbling({ sizeMs: 10 }))
        .aggregate("sum", () => 0).toStream().to("out"),
    two,
    [[at(0, 10), 1], [at(10, 20), 1]],
  ),
  word(
    "SessionWindowedCogroupedKStream#aggregate",
    "`cogrouped.windowedBy(session(…)).aggregate(name, init, { merge })`",
    (app) =>
      grouped(app).cogroup<number>((n) => n + 1).windowedBy(session({ gapMs: 5 }))
        .aggregate("sum", () => 0, { merge: (left, right) => left + right }).toStream().to("out"),
    two,
    [[at(1, 1), 1], [at(12, 12), 1]],
  ),
  word(
    "#emitStrategy(EmitStrategy.onWindowClose())",
    '`windowed.count(name, { emit: "windowClose" })`',
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n", { emit: "windowClose" })
        .toStream().to("out"),
    two,
    [[at(0, 10), 1]],
  ),
  word(
    "#emitStrategy(EmitStrategy.onWindowUpdate())",
    '`windowed.count(name, { emit: "update" })`, as by itself',
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n", { emit: "update" })
        .toStream().to("out"),
    two,
    [[at(0, 10), 1], [at(10, 20), 1]],
  ),
  word(
    "KTable#suppress(Suppressed.untilWindowCloses)",
    '`table.suppress({ until: "windowCloses" })`',
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n")
        .suppress({ until: "windowCloses" }).toStream().to("out"),
    two,
    [[at(0, 10), 1]],
  ),
  word(
    "Materialized#withRetention",
    "`windowed.count(name, { retentionMs })`",
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n", { retentionMs: 3_600_000 })
        .toStream().to("out"),
    two,
    [[at(0, 10), 1], [at(10, 20), 1]],
  ),
  word(
    "WindowedSerdes.timeWindowedSerdeFrom, Windowed#key, #window",
    "`windowed(keySerde, { sizeMs })`; a windowed key is `{ key, start, end }`",
    (app) =>
      grouped(app).windowedBy(tumbling({ sizeMs: 10 })).count("n").toStream()
        .map((n, { key }) => ({ key, value: n }), { key: windowed(string, { sizeMs: 10 }) })
        .selectKey((_, { key }) => `${key.key}@${key.start}`, { key: string }).to("out"),
    two,
    [["k@0", 1], ["k@10", 1]],
  ),
];
