/** Words of `StreamsBuilder` and its options. */
import { string, topic } from "../../lib/streams/mod.ts";
import { open, s, t, text, texts, type Word, word } from "./word.ts";

export const SOURCE_WORDS: readonly Word[] = [
  word(
    "StreamsBuilder#stream(topic)",
    "`app.stream(topic)`",
    (app) => app.stream(s).to("out"),
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "StreamsBuilder#stream(topics)",
    "`app.stream([a, b])`",
    (app) => app.stream([text("a"), text("b")]).to("out"),
    [["a", "k", "1", 1], ["b", "k", "2", 2]],
    [["k", "1"], ["k", "2"]],
  ),
  word(
    "StreamsBuilder#stream(pattern)",
    "`app.stream(/^s$/, { key, value })`",
    (app) => app.stream(/^s$/, { key: string, value: string }).to("out"),
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "StreamsBuilder#table",
    "`app.table(topic)`",
    (app) => app.table(t).toStream().to("out"),
    [["t", "k", "v", 1], ["t", "k", null, 2]],
    [["k", "v"], ["k", null]],
  ),
  word(
    "StreamsBuilder#globalTable",
    "`app.globalTable(topic)`",
    (app) =>
      app.stream(s).join(app.globalTable(t), (id) => id, (id, name) => id + name, texts).to("out"),
    [["t", "1", "one", 0], ["s", "k", "1", 1]],
    [["k", "1one"]],
  ),
  word(
    "StreamsBuilder#addStateStore",
    "`app.store(name, { key, value })`",
    (app) => {
      const seen = app.store("seen", { key: string, value: string });
      app.stream(s).process<string, string>("first", (context) => {
        const store = context.store<string, string>(seen);
        return {
          process({ key, value }) {
            if (store.get(key) === undefined) context.forward({ key, value });
            store.put(key, value);
          },
        };
      }, { stores: [seen], key: string, value: string }).to("out");
    },
    [["s", "k", "1", 1], ["s", "k", "2", 2]],
    [["k", "1"]],
  ),
  word(
    "StreamsBuilder#addGlobalStore",
    "`app.globalStore(name, topic, update)`",
    (app) => {
      const byName = app.globalStore<string, string, string, string>(
        "by-name",
        t,
        (store, { key, value }) => value === null ? undefined : store.put(value, key!),
        { key: string, value: string },
      );
      app.stream(s).join(byName, (name) => name, (name, id) => name + id, texts).to("out");
    },
    [["t", "1", "one", 0], ["s", "k", "one", 1]],
    [["k", "one1"]],
  ),
  word(
    "StreamsBuilder#build",
    "`app.topology()`",
    (app) => {
      app.stream(s).to("out");
      return app.topology();
    },
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Consumed.with(keySerde, valueSerde)",
    "`topic(name, { key, value })`",
    (app) => app.stream(topic("s", { key: string, value: string })).to("out"),
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Consumed#withTimestampExtractor",
    "`topic(name, { timestamp })`",
    (app) =>
      app.stream(topic("s", { key: string, value: string, timestamp: (value) => Number(value) }))
        .mapValues((_, { timestamp }) => `at ${timestamp}`, texts).to("out"),
    [["s", "k", "7", 1]],
    [["k", "at 7"]],
  ),
  word(
    "Consumed#withName",
    "`app.stream(topic, { name })`",
    (app) => app.stream(s, { name: "words" }).to("out"),
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Named.as",
    "`{ name }`, the last argument of every operator",
    (app) => app.stream(s).filter(() => true, { name: "all" }).to("out", { name: "written" }),
    [["s", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Materialized.as (of a table)",
    "`app.table(topic, { name })`",
    (app) => app.table(t, { name: "latest" }).toStream().to("out"),
    [["t", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Materialized#withKeySerde, #withValueSerde",
    "`{ key, value }`; defaults of the app: `app(id, { key, value })`",
    (app) => app.table(open("t"), { key: string, value: string }).toStream().to("out"),
    [["t", "k", "v", 1]],
    [["k", "v"]],
  ),
  word(
    "Materialized#withLoggingDisabled",
    "`{ logged: false }`",
    (app) => app.stream(s).groupByKey().count("n", { logged: false }).toStream().to("out"),
    [["s", "k", "v", 1]],
    [["k", 1]],
  ),
  word(
    "Stores.persistentVersionedKeyValueStore",
    "`app.table(topic, { versionedMs })`",
    (app) => {
      const rates = app.table(t, { versionedMs: 1_000 });
      app.stream(s).join(rates, (value, rate) => value + rate, texts).to("out");
    },
    [["t", "k", "old", 0], ["t", "k", "new", 20], ["s", "k", "v", 10]],
    [["k", "vold"]],
  ),
];
