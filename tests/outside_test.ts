import assert from "node:assert/strict";

const CHECKOUT = new URL("..", import.meta.url);

/** What README.md tells other projects to write. */
const CONFIG = {
  links: [CHECKOUT.href],
  imports: { "taxi-streams": "jsr:@taxi-streams/taxi-streams@0.1.0" },
};

const PROGRAM = `
import type { ConsumedRecord } from "taxi-streams/kafka";
import { app, json, string, TestDriver, topic } from "taxi-streams/streams";

const rides = topic("rides", { key: string, value: json<{ vendor: string }>(), nullable: false });
const counts = app("counts");
counts.stream(rides).groupBy("vendor", (ride) => ride.vendor, { key: string }).count("trips")
  .toStream().to("vendor-trips");
using driver = new TestDriver(counts);
const read: Pick<ConsumedRecord<string, { vendor: string }>, "key" | "value" | "timestamp"> =
  { key: "r1", value: { vendor: "2" }, timestamp: 10 };
for (const key of ["r1", "r2"]) driver.pipe(rides, { ...read, key });
console.log(JSON.stringify(driver.read("vendor-trips").map(({ key, value }) => [key, value])));
`;

Deno.test("a project outside the repository counts rides with the engine, checked and without a network", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(CONFIG));
    await Deno.writeTextFile(`${folder}/count.ts`, PROGRAM);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--check", "--cached-only", "--allow-env", "count.ts"],
      cwd: folder,
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    assert.equal(text(stdout), '[["2",1],["2",2]]', text(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the name and version under which a project links this one are in deno.json and README.md", async () => {
  const { name, version } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", CHECKOUT)),
  );
  const readme = await Deno.readTextFile(new URL("README.md", CHECKOUT));
  assert.equal(CONFIG.imports["taxi-streams"], `jsr:${name}@${version}`);
  assert.ok(readme.includes(CONFIG.imports["taxi-streams"]));
});
