import {
  hopping,
  session,
  sliding,
  string,
  topic,
  tumbling,
  type Windows,
} from "../../../lib/streams/mod.ts";
import { loose, plus, text, vector } from "./vector.ts";

type Built = Parameters<Parameters<typeof vector>[1]>[0];
const inclusive = { inclusive: true };
const MINUTE = 60_000;

/** Counts a stream in windows; with `final`, only the last count of each window. */
function count(windows: Windows, final?: { readonly strict?: boolean }) {
  return (app: Built) => {
    const grouped = app.stream(text("r")).groupByKey();
    const windowed = windows.kind === "session"
      ? grouped.windowedBy(windows)
      : grouped.windowedBy(windows);
    const counts = windowed.count("c");
    const table = final ? counts.suppress("final", { until: "windowCloses", ...final }) : counts;
    table.toStream().to("out");
  };
}

const minute = (graceMs: number) => tumbling({ sizeMs: MINUTE, graceMs });
const hops = hopping({ sizeMs: MINUTE, advanceMs: 20_000 });

vector("W01", count(minute(0)));
vector("W02", count(minute(30_000)));
vector("W03", count(minute(0)));
vector("W04", count(hops));
vector("W05", count(hops));
vector("W06", count(hopping({ sizeMs: 50, advanceMs: 20 })));
vector("W07", count(minute(0)));
vector("W09", count(minute(MINUTE)));
vector("P10", count(hopping({ sizeMs: 30, advanceMs: 10 })));
vector("Q09", count(minute(10_000)));
vector("Q14", count(sliding({ differenceMs: 10, graceMs: 5 })), inclusive);

vector("W08", (app) => {
  app.stream(text("r")).groupByKey().windowedBy(minute(0))
    .reduce("all", (all, value) => `${all},${value}`).toStream().to("out");
});
vector("Q07", (app) => {
  app.stream(text("r")).groupByKey().windowedBy(tumbling({ sizeMs: 100, graceMs: 100 }))
    .reduce("all", (all, value) => `${all}${value}`).toStream().to("out");
});

for (const id of ["W10", "W11"]) {
  vector(id, (app) => {
    app.stream(text("r")).groupByKey().windowedBy(sliding({ differenceMs: 10, graceMs: 50 }))
      .aggregate("all", { init: () => "", add: (all, value) => all + value }).toStream().to("out");
  }, inclusive);
}

const gap10 = (graceMs: number) => session({ gapMs: 10, graceMs });

vector("X01", count(gap10(100)), inclusive);
vector("X02", count(gap10(100)), inclusive);
vector("X03", count(gap10(5)), inclusive);
vector("X05", count(gap10(5), {}), inclusive);
vector("X06", count(gap10(5), { strict: true }), inclusive);
vector("X07", count(gap10(0), {}), inclusive);
vector("X08", count(gap10(5), {}), inclusive);
vector("X08e", count(gap10(5), { strict: true }), inclusive);
vector("P11", count(gap10(0), {}), inclusive);

vector("X04", (app) => {
  app.stream(text("r")).groupByKey().windowedBy(gap10(100)).aggregate("all", {
    init: () => "",
    add: (all, value) => all + value,
    merge: (left, right) => left + right,
  }).toStream().to("out");
}, inclusive);

vector("P01", count(minute(0), {}));
vector("P02", count(minute(30_000), {}));
vector("P06", count(tumbling({ sizeMs: 10 }), {}));
vector("P07r", count(minute(0), {}));
vector("P08", count(minute(0), {}));
vector("P09", count(tumbling({ sizeMs: 86_400_000 }), {}));

vector("P03", (app) => {
  app.stream(text("r")).groupByKey().count("c").suppress({ until: "timeLimit", limitMs: 100 })
    .toStream().to("out");
});
vector("P05", (app) => {
  const rule = { until: "timeLimit", limitMs: 1000, maxRecords: 1, whenFull: "emit" } as const;
  app.stream(text("r")).groupByKey().count("c").suppress(rule).toStream().to("out");
});

vector("Q08", (app) => {
  app.stream(text("r")).groupByKey().windowedBy(minute(0)).count("c")
    .groupBy("start", (n, { key }) => ({ key: String(key.start), value: n }), { key: string })
    .reduce("sum", { add: (a, b) => a + b, subtract: (a, b) => a - b }).toStream().to("out");
});

const within = { beforeMs: 10, afterMs: 10, graceMs: 5 };

vector("J09", (app) => joinStreams(app, "join", within));
vector("J10", (app) => joinStreams(app, "leftJoin", within));
vector("J11", (app) => joinStreams(app, "outerJoin", within));
vector("J12", (app) => joinStreams(app, "join", { afterMs: 10 }));
vector("J14", (app) => joinStreams(app, "join", within));
vector("Q04", (app) => joinStreams(app, "leftJoin", within));

vector("J13", (app) => {
  const left = app.stream(text("L")), right = app.stream(text("R"));
  const ten = { beforeMs: 10, afterMs: 10, value: string };
  left.join(right, plus, ten).to("inner");
  left.leftJoin(right, plus, ten).to("left");
  left.outerJoin(right, plus, ten).to("outer");
});

function joinStreams(app: Built, type: "join" | "leftJoin" | "outerJoin", within: object): void {
  loose(app.stream(text("L")))[type](app.stream(text("R")), plus, { ...within, value: string }).to(
    "out",
  );
}

const payloadTime = (value: string) => Number(value.split("@")[1]);

vector("E01", (app) => {
  const timed = topic("r", { key: string, value: string, timestamp: payloadTime });
  app.stream(timed).groupByKey().windowedBy(minute(0)).count("c").toStream().to("out");
});
vector("E02", (app) => {
  app.stream(topic("r", { key: string, value: string, timestamp: payloadTime })).to("out");
});
vector("E03", (app) => {
  const orPartitionTime = topic("r", {
    key: string,
    value: string,
    timestamp: (value, { partitionTime }) =>
      payloadTime(value) < 0 ? partitionTime : payloadTime(value),
  });
  app.stream(orPartitionTime).to("out");
});

vector("E04", (app) => punctuated(app, "stream", (timeMs) => `st${timeMs}`));
vector("E05", (app) => punctuated(app, "wall", () => "wc"));

function punctuated(app: Built, clock: "stream" | "wall", tell: (timeMs: number) => string): void {
  app.stream(text("r")).process<string, string>("timer", (context) => {
    context.schedule({ everyMs: 10, clock }, (timeMs) => {
      context.forward({ key: "punct", value: tell(timeMs) });
    });
    return { process: ({ key, value }) => context.forward({ key: key!, value: value! }) };
  }, { key: string, value: string }).to("out");
}
