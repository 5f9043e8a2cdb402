/** Where results differ from Kafka Streams 4.3.1 on purpose; lib/streams/README.md says why. */
import assert from "node:assert/strict";
import {
  type App,
  app,
  headerText,
  session,
  string,
  TestDriver,
  tumbling,
} from "../../../lib/streams/mod.ts";
import { agree, text } from "./vector.ts";

/** Headers of what comes out of "out", where the value is also the header. */
function headersOf(build: (app: App) => void, ...times: readonly number[]): unknown[] {
  const built = app("vectors");
  build(built);
  using driver = new TestDriver(built);
  for (const timestamp of times) {
    const headers = { at: String(timestamp) };
    driver.pipe(text("s"), { key: "k", value: "x", timestamp, headers });
  }
  return driver.read("out").map(({ headers }) => headerText(headers, "at"));
}

Deno.test("results in sessions keep the headers of the record that made them (Kafka Streams loses them)", () => {
  const got = headersOf((app) => {
    app.stream(text("s")).groupByKey().windowedBy(session({ gapMs: 10 })).count("n").toStream()
      .to("out");
  }, 1);
  assert.deepEqual(got, ["1"]);
});

Deno.test("a result on close has its own headers (Kafka Streams gives those of the record that closed it)", () => {
  const got = headersOf(
    (app) => {
      app.stream(text("s")).groupByKey().windowedBy(tumbling({ sizeMs: 10 }))
        .count("n", { emit: "windowClose" }).toStream().to("out");
    },
    1,
    20,
  );
  assert.deepEqual(got, ["1"]);
});

Deno.test("a left join that waits keeps null keys (Kafka Streams stops)", () => {
  agree((app) => {
    const rows = app.table(text("t"), { name: "t", versionedMs: 25 });
    app.stream(text("s")).leftJoin(rows, (left, right) => `${left}-${right}`, {
      value: string,
      graceMs: 10,
    }).to("out");
  }, [["s", null, "x", 1, [null, "x-null", 1]]]).close();
});
