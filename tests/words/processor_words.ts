/** Words of the Processor API. */
import {
  type App,
  type KeyValueStore,
  type ProcessorContext,
  string,
} from "../../lib/streams/mod.ts";
import { s, type Sent, texts, type Word, word } from "./word.ts";

const one: readonly Sent[] = [["s", "k", "v", 1]];
const three: readonly Sent[] = [["s", "a", "1", 1], ["s", "b", "2", 2], ["s", "c", "3", 3]];
const serdes = { key: string, value: string };

/** A processor that says something of what its context tells. */
function telling(
  tell: (context: ProcessorContext<string, string>) => string,
): (app: App) => unknown {
  return (app) =>
    app.stream(s).process<string, string>("tell", (context) => ({
      process: ({ key }) => context.forward({ key, value: tell(context) }),
    }), serdes).to("out");
}

/** A processor that fills a store and says what it finds there. */
function storing(
  find: (store: KeyValueStore<string, string>, key: string, value: string) => string | undefined,
): (app: App) => unknown {
  return (app) => {
    const name = app.store("words", serdes);
    return app.stream(s).process<string, string>("find", (context) => {
      const store = context.store<string, string>(name);
      return {
        process({ key, value }) {
          const found = find(store, key, value);
          if (found !== undefined) context.forward({ key, value: found });
        },
      };
    }, { ...serdes, stores: [name] }).to("out");
  };
}

const keys = (rows: Iterable<readonly [string, string]>) => [...rows].map(([key]) => key).join("");

export const PROCESSOR_WORDS: readonly Word[] = [
  word(
    "KStream#process",
    "`stream.process(name, (context) => ({ process }), { stores })`",
    (app) =>
      app.stream(s).process<string, string>("twice", (context) => ({
        process({ key, value }) {
          context.forward({ key, value });
          context.forward({ key: value, value: key });
        },
      }), serdes).to("out"),
    one,
    [["k", "v"], ["v", "k"]],
  ),
  word(
    "KStream#processValues",
    "`stream.processValues(name, (context) => ({ process }))`",
    (app) =>
      app.stream(s).processValues<string>("loud", (context) => ({
        process: ({ value }) => context.forward({ value: `${value}!` }),
      }), texts).to("out"),
    one,
    [["k", "v!"]],
  ),
  word(
    "ProcessorContext#forward(Record)",
    "`context.forward({ key, value, timestamp, headers })`",
    (app) =>
      app.stream(s).process<string, string>("later", (context) => ({
        process: ({ key, value, timestamp, headers }) =>
          context.forward({ key, value, timestamp: timestamp + 9, headers: headers ?? {} }),
      }), serdes).mapValues((_, { timestamp }) => `at ${timestamp}`, texts).to("out"),
    one,
    [["k", "at 10"]],
  ),
  word(
    "ProcessingContext#schedule, Cancellable#cancel",
    '`context.schedule({ everyMs, clock: "stream" | "wall" }, callback).cancel()`',
    (app) =>
      app.stream(s).process<string, string>("clock", (context) => {
        const timer = context.schedule({ everyMs: 2, clock: "stream" }, (timeMs) => {
          context.forward({ key: "tick", value: `${timeMs}` });
          timer.cancel();
        });
        return { process: () => {} };
      }, serdes).to("out"),
    three,
    [["tick", "1"]],
  ),
  word(
    "ProcessingContext#currentStreamTimeMs",
    "`context.streamTime`",
    telling((context) => `${context.streamTime}`),
    one,
    [["k", "1"]],
  ),
  word(
    "ProcessingContext#currentSystemTimeMs",
    "`context.now()`",
    telling((context) => `${context.now()}`),
    one,
    [["k", "0"]],
  ),
  word(
    "ProcessingContext#taskId",
    "`context.task`, `context.partition`",
    telling((context) => `${context.task} ${context.partition}`),
    one,
    [["k", "0_0 0"]],
  ),
  word(
    "ProcessingContext#recordMetadata",
    "`record.topic`, `.partition`, `.offset`, `.timestamp`, `.headers`",
    (app) =>
      app.stream(s).mapValues(
        (_, { topic, partition, offset }) => `${topic} ${partition} ${offset}`,
        {
          ...texts,
        },
      ).to("out"),
    one,
    [["k", "s 0 0"]],
  ),
  word(
    "ProcessingContext#getStateStore, KeyValueStore#get, #put",
    "`context.store(name)`, `store.get(key)`, `store.put(key, value)`",
    storing((store, key, value) => {
      store.put(key, value);
      return store.get(key);
    }),
    one,
    [["k", "v"]],
  ),
  word(
    "KeyValueStore#delete",
    "`store.delete(key)`",
    storing((store, key, value) => {
      store.put(key, value);
      store.delete(key);
      return `${store.get(key)}`;
    }),
    one,
    [["k", "undefined"]],
  ),
  word(
    "ReadOnlyKeyValueStore#all, #reverseAll",
    "`store.entries()`, `store.entries({ reverse: true })`",
    storing((store, key, value) => {
      store.put(key, value);
      return `${keys(store.entries())} ${keys(store.entries({ reverse: true }))}`;
    }),
    three,
    [["a", "a a"], ["b", "ab ba"], ["c", "abc cba"]],
  ),
  word(
    "ReadOnlyKeyValueStore#range, #reverseRange",
    "`store.range(from, to)`, `store.range(from, to, { reverse: true })`",
    storing((store, key, value) => {
      store.put(key, value);
      return keys(store.range("b", undefined, { reverse: true }));
    }),
    three,
    [["a", ""], ["b", "b"], ["c", "cb"]],
  ),
  word(
    "ReadOnlyKeyValueStore#prefixScan",
    "`store.prefix(prefix)`",
    storing((store, key, value) => {
      store.put(key, value);
      return keys(store.prefix("b"));
    }),
    three,
    [["a", ""], ["b", "b"], ["c", "b"]],
  ),
];
