import { string } from "../../../lib/streams/mod.ts";
import { loose, plus, text, vector } from "./vector.ts";

type Built = Parameters<Parameters<typeof vector>[1]>[0];
const texts = { value: string };

vector("C06", (app) => {
  app.table(text("users")).groupBy("region", (region, { key }) => ({ key: region, value: key }), {
    key: string,
  }).count("c").toStream().to("out");
});

const balance = {
  init: () => "0",
  add: (sum: string, value: string) => String(Number(sum) + Number(value)),
  subtract: (sum: string, value: string) => String(Number(sum) - Number(value)),
};
const byGroup = (value: string) => {
  const [key, amount] = value.split(":") as [string, string];
  return { key, value: amount };
};

vector("C07", (app) => {
  app.table(text("bal")).groupBy("g", byGroup, { key: string }).aggregate("sum", balance)
    .toStream().to("out");
});

vector("Q05", (app) => {
  app.table(text("t")).filter((value) => Number(value.split(":")[1]) > 5)
    .groupBy("g", byGroup, { key: string }).aggregate("sum", balance).toStream().to("out");
});

vector("T01", (app) => {
  app.table(text("t")).toStream().to("out");
});
vector("T02", (app) => {
  app.table(text("t")).filter((value) => Number(value) > 5).toStream().to("out");
});
vector("T03", (app) => {
  app.table(text("t")).toStream().to("out");
});
vector("T03v", (app) => {
  app.table(text("t"), { name: "t", versionedMs: 300_000 }).toStream().to("out");
});
vector("T04", (app) => {
  app.stream(text("s")).toTable("t").toStream().to("out");
});

vector("J01", (app) => lookUp(app, "join"));
vector("J02", (app) => lookUp(app, "leftJoin"));
vector("J03", (app) => lookUp(app, "join"));
vector("J03v", (app) => lookUp(app, "leftJoin", { versionedMs: 300_000 }));

function lookUp(app: Built, type: "join" | "leftJoin", options = {}): void {
  const users = app.table(text("users"), { name: "users", ...options });
  loose(app.stream(text("orders")))[type](users, plus, texts).to("out");
}

vector("J04", (app) => joinTables(app, "join"));
vector("J05", (app) => joinTables(app, "leftJoin"));
vector("J06", (app) => joinTables(app, "outerJoin"));
vector("J06t", (app) => joinTables(app, "join"));

function joinTables(app: Built, type: "join" | "leftJoin" | "outerJoin"): void {
  loose(app.table(text("L")))[type](app.table(text("R")), plus, texts).toStream()
    .to("out");
}

vector("J07", (app) => joinProducts(app, "join"));
vector("Q06", (app) => joinProducts(app, "leftJoin"));

function joinProducts(app: Built, type: "join" | "leftJoin"): void {
  const orders = app.table(text("orders")), products = app.table(text("products"));
  const show = (order: string, product: string | null) => `${order}=${product}`;
  loose(orders)[type](products, (order: string) => order, show, { name: "ordered" }).toStream().to(
    "out",
  );
}

vector("J08", (app) => {
  const zones = app.globalTable(text("zones"));
  const zone = (value: string) => value === "-" ? null : value;
  const show = (ride: string, zone: string | null) => `${ride}:${zone}`;
  app.stream(text("rides")).join(zones, zone, show).to("inner");
  app.stream(text("rides2")).leftJoin(zones, zone, show).to("left");
});

vector("Q13", (app) => {
  const zones = app.globalTable(text("zones"));
  app.stream(text("rides")).leftJoin(zones, (v) => v, (ride, zone) => `${ride}:${zone}`).to("out");
});
