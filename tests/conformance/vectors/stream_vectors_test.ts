import { string } from "../../../lib/streams/mod.ts";
import { loose, plus, text, vector } from "./vector.ts";

const texts = { value: string };

vector("S01", (app) => {
  const { low, rest } = app.stream(text("rides")).split({ low: (fare) => Number(fare) < 40 });
  low.to("low");
  rest.to("high");
});

vector("S02", (app) => {
  const [gt10, gt5] = app.stream(text("in")).branch((v) => Number(v) > 10, (v) => Number(v) > 5);
  gt10!.to("gt10");
  gt5!.to("gt5");
});

vector("S03", (app) => {
  const words = app.stream(text("a")).flatMapValues((line) => line!.split(" "), texts);
  words.merge(app.stream(text("b"))).to("out");
});

vector("C01", (app) => countByKey(app, "rides", "counts"));
vector("C02", (app) => countByKey(app, "rides", "counts"));
vector("C03", (app) => countByKey(app, "rides", "counts"));

vector("C04", (app) => {
  const vendor = (value: string | null) => value === "none" ? null : value!.split(":")[0]!;
  app.stream(text("rides")).groupBy("vendor", vendor, { key: string }).count("c").toStream()
    .to("counts");
});

vector("C05", (app) => {
  const sum = (sum: string, value: string) =>
    value === "reset" ? null : String(Number(sum) + Number(value));
  app.stream(text("in")).groupByKey().reduce("sum", sum).toStream().to("out");
});

vector("C08", (app) => {
  app.stream(text("in")).groupByKey().aggregate("all", {
    init: () => "",
    add: (all, value) => all + value,
  }).toStream().to("out");
});

vector("C09", (app) => {
  const a = app.stream(text("a")).groupByKey(), b = app.stream(text("b")).groupByKey();
  a.cogroup<string>((all, value) => `${all}a${value}`)
    .cogroup(b, (all, value) => `${all}b${value}`)
    .aggregate("both", () => "").toStream().to("out");
});

vector("Q01", (app) => {
  const keyed = app.stream(text("r")).selectKey((v) => v === "n" ? null : v, {
    key: string,
  });
  keyed.repartition("moved").to("out");
});

for (const [id, type] of [["Q02", "leftJoin"], ["Q03", "join"]] as const) {
  vector(id, (app) => {
    const users = app.table(text("users"));
    const keyed = app.stream(text("r")).selectKey((v) => v === "n" ? null : v, { key: string });
    loose(keyed)[type](users, plus).to("out");
  });
}

vector("Q10", (app) => {
  app.stream(text("r")).mapValues((v) => v === "del" ? null : v).to("out");
});

vector("Q11", (app) => {
  app.stream(text("r")).to((value) => `out-${value}`);
});

vector("Q12", (app) => {
  app.table(text("t")).toStream().groupByKey().count("c").toStream().to("out");
});

vector("R01", (app) => parseAll(app));
vector("R02", (app) => parseAll(app), { app: { onError: { process: "skip" } } });

function parseAll(app: Parameters<Parameters<typeof vector>[1]>[0]): void {
  app.stream(text("r")).mapValues((value) => {
    if (Number.isNaN(Number(value))) throw new SyntaxError(`no number: ${value}`);
    return value;
  }, texts).to("out");
}

function countByKey(
  app: Parameters<Parameters<typeof vector>[1]>[0],
  from: string,
  to: string,
): void {
  app.stream(text(from)).groupByKey().count("c").toStream().to(to);
}
