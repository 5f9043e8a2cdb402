/** A password is looked for in everything that can be seen, on every way to an error that needs no cluster. */
import assert from "node:assert/strict";
import { format, inspect as nodeInspect } from "node:util";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { connect } from "../../lib/kafka/mod.ts";
import { folders, kafkaSettings, registrySettings } from "../../lib/settings/mod.ts";
import { table } from "../../lib/show/mod.ts";
import { wireKafka } from "../testkit/wire_kafka.ts";

const PASSWORDS = { kafka: "m4rker-kafka", registry: "m4rker-registry", address: "m4rker-address" };
const MARKED = [
  "m4rker",
  ...Object.values(PASSWORDS).map((one) => btoa(`ada:${one}`).replace(/=+$/, "").slice(4, -2)),
];

function environment(broker: string, registryPort: number): Record<string, string> {
  return {
    KAFKA_BROKERS: broker,
    KAFKA_USERNAME: "ada",
    KAFKA_PASSWORD: PASSWORDS.kafka,
    SCHEMA_REGISTRY_URL:
      `http://ada:${PASSWORDS.address}@127.0.0.1:${registryPort}/apis/ccompat/v7`,
    SCHEMA_REGISTRY_USERNAME: "ada",
    SCHEMA_REGISTRY_PASSWORD: PASSWORDS.registry,
  };
}

function assertClean(what: string, text: string): void {
  for (const marker of MARKED) {
    assert.ok(!text.includes(marker), `${what} shows a password: ${text}`);
  }
}

/** A registry that refuses every login; remembers what it was told. */
function refusingRegistry() {
  const logins: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    logins.push(request.headers.get("authorization"));
    return Response.json({ error_code: 40101, message: "Unauthorized" }, { status: 401 });
  });
  return { logins, port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("no command shows a password, with TAXI_DEBUG neither", async () => {
  await using broker = await wireKafka({ password: "another" });
  await using registry = refusingRegistry();
  const state = await Deno.makeTempDir();
  const run = async (task: string, ...args: string[]) => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", `${folders().root}/tasks/${task}.ts`, ...args],
      env: {
        ...environment(broker.address, registry.port),
        TAXI_DEBUG: "1",
        TAXI_STATE: `${state}/state`,
        NO_COLOR: "1",
      },
    }).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  };
  const said = await Promise.all([run("consumer", "--json"), run("status", "--json"), run("up")]);
  for (const one of said) assertClean("a command", one);
  assert.match(said[0]!, /the log-in was refused \(check KAFKA_USERNAME, KAFKA_PASSWORD/);
  assert.ok(broker.refused() > 0);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(state)), [], "nothing was written");
  await Deno.remove(state, { recursive: true });
});

Deno.test("no error, notice or inspected object shows a password", async () => {
  await using broker = await wireKafka({ password: "another" });
  await using registry = refusingRegistry();
  const env = new Map(Object.entries(environment(broker.address, registry.port)));
  const notices: string[] = [];
  const settings = kafkaSettings(env);
  const error = await connect({ settings, onNotice: ({ text }) => notices.push(text) })
    .then(() => assert.fail(), (error) => error);
  assertClean("an error", Deno.inspect(error, { depth: 20, showHidden: true }));
  assertClean("a notice", notices.join());

  const { url, ...login } = registrySettings(env);
  assert.equal(url, `http://127.0.0.1:${registry.port}/apis/ccompat/v7`);
  const client = schemaRegistry({ url, ...login, retryForMs: 1 });
  const refused = await client.subjects().then(() => assert.fail(), (error) => error);
  assert.match(refused.message, /refused the login/);
  assertClean("an error", Deno.inspect(refused, { depth: 20, showHidden: true }));
  assertClean("a client", Deno.inspect(client, { depth: 20, showHidden: true }));
  assert.deepEqual(registry.logins, [`Basic ${btoa(`ada:${PASSWORDS.registry}`)}`]);
});

/** An address in ways that are not the usual one; each of them reaches the registry, or is refused. */
const WRITINGS = [
  "http://ada:m4rker@r:8081",
  " http://ada:m4rker@r:8081 ",
  "HTTP://ada:m4rker@r:8081/",
  "http:ada:m4rker@r:8081",
  "http:/ada:m4rker@r:8081",
  "http:\\\\ada:m4rker@r:8081",
  "http://ada:m4rker%40r@r:8081/a?b#c",
  "http://r:8081/?password=m4rker",
  "http://r:8081/#m4rker@",
  "ada:m4rker@r:8081",
  "http://ada:m4/rker@r:8081",
  "http://ada:1/m4rker@r:8081",
  "http://ada:m4rker#@r:8081",
  "http://a:1@r:1,http://b:m4rker@r:2",
  "ftp://ada:m4rker@r:8081",
  "http://ada:m4rker@",
];

Deno.test("no way of showing settings shows a password, in whatever way an address is written", () => {
  const all: object[] = [
    kafkaSettings(new Map(Object.entries(environment("b:1", 1)))),
    kafkaSettings(new Map([["KAFKA_OAUTHBEARER_TOKEN", "m4rker"]])),
  ];
  const said: string[] = [];
  for (const url of WRITINGS) {
    try {
      const settings = registrySettings(new Map([["SCHEMA_REGISTRY_URL", url]]));
      assertClean(`the address of ${url}`, settings.url);
      all.push(settings);
    } catch (error) {
      said.push((error as Error).message);
    }
  }
  assert.ok(said.length >= 3 && all.length >= 8, "some are refused, others understood");
  for (const settings of all) {
    for (const one of [settings, { ...settings }, structuredClone(settings)]) {
      const login = "sasl" in one ? one.sasl as object : one;
      for (const shown of [one, login, Object.values(login), Object.entries(login)]) {
        const rows = Array.isArray(shown) ? shown : [shown];
        said.push(table([shown]).text, table(rows).text, JSON.stringify(shown), String(rows));
        said.push(Deno.inspect(shown, { depth: 9, showHidden: true }), nodeInspect(shown));
        said.push(format("%o %O %j %s", shown, shown, shown, shown));
      }
    }
  }
  assertClean("a way of showing", said.join("\n"));
});

Deno.test("a private key where its path belongs is refused without a word of it", () => {
  const pem = "-----BEGIN PRIVATE KEY-----\nm4rker\n-----END PRIVATE KEY-----";
  for (const name of ["KAFKA_SSL_CA", "KAFKA_SSL_CERT", "KAFKA_SSL_KEY", "DENO_CERT"]) {
    for (const text of [pem, ` ${pem}`, pem.replaceAll("\n", ""), pem.replaceAll("\n", "\\n")]) {
      const env = new Map([["KAFKA_BROKERS", "b:1"], ["KAFKA_SSL", "yes"], [name, text]]);
      const refused = {
        name: "TypeError",
        message:
          `Cannot use the value of ${name}: it is what stands in a file, not where the file is (write its path)`,
      };
      assert.throws(() => kafkaSettings(env), refused);
    }
  }
});

Deno.test("a password in the registry's address goes with no other name", () => {
  const settings = (more: Record<string, string>) =>
    registrySettings(
      new Map(Object.entries({ SCHEMA_REGISTRY_URL: "http://ada:m4rker@r:1", ...more })),
    );
  assert.throws(() => settings({ SCHEMA_REGISTRY_USERNAME: "bo" }), {
    message: "Cannot use SCHEMA_REGISTRY_USERNAME together with the login in " +
      "SCHEMA_REGISTRY_URL: they contradict (unset one)",
  });
  const own = settings({ SCHEMA_REGISTRY_USERNAME: "bo", SCHEMA_REGISTRY_PASSWORD: "other" });
  assert.deepEqual([own.username, own.password?.reveal()], ["bo", "other"]);
  assert.equal(settings({ SCHEMA_REGISTRY_USERNAME: "ada" }).password?.reveal(), "m4rker");
});

Deno.test("no way of printing settings prints a password", async () => {
  const program = `
    import { kafkaSettings, registrySettings } from "${folders().root}/lib/settings/mod.ts";
    for (const one of [kafkaSettings(), kafkaSettings().sasl, registrySettings()]) {
      for (const shown of [one, { ...one }, structuredClone(one), new Error("e", { cause: one })]) {
        for (const print of ["log", "dir", "table", "error"]) {
          console[print](shown);
          console[print]([shown]);
        }
      }
    }`;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", program],
    env: { ...environment("b:1", 1), NO_COLOR: "1" },
  }).output();
  const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.ok(success, printed);
  assert.match(printed, /scram|plain/);
  assertClean("a way of printing", printed);
});

Deno.test("no page of the Control Center shows a password", async () => {
  await using broker = await wireKafka({ password: "another" });
  await using registry = refusingRegistry();
  const env = new Map(Object.entries(environment(broker.address, registry.port)));
  await using center = await startControlCenter({
    port: 0,
    kafka: kafkaSettings(env),
    registry: schemaRegistry({ ...registrySettings(env), retryForMs: 1 }),
  });
  const page = await (await fetch(center.url)).text();
  const token = page.match(/name="taxi-token" content="([^"]+)"/)![1]!;
  const headers = { "content-type": "application/json", "x-taxi-token": token };
  const post = (path: string, wish: object): [string, RequestInit] => [
    path,
    { method: "POST", headers, body: JSON.stringify(wish) },
  ];
  const asked: [string, RequestInit?][] = [
    ["/api/now"],
    ["/api/schemas"],
    ["/api/schemas/rides-value"],
    ["/api/topics/rides/settings"],
    ["/api/topics/rides/lanes?group=g"],
    ["/api/topics/rides/records?from=begin"],
    ["/api/topics/rides/records/0/0"],
    ["/api/groups/g"],
    post("/api/topics/create", { topic: "rides", partitions: 1 }),
    post("/api/topics/produce", { topic: "rides", value: "1", valueFormat: "avro" }),
    post("/api/groups/reset", { group: "g", topic: "rides", to: "latest" }),
    post("/api/schemas/mode", { mode: "NONE" }),
    post("/api/schemas/check", { subject: "rides-value", schema: '"int"' }),
  ];
  const answers = await Promise.all(asked.map(async ([path, init]) => {
    const answer = await fetch(center.url + path, init);
    return `${path} ${answer.status} ${await answer.text()}`;
  }));
  for (const answer of [page, ...answers]) assertClean("the Control Center", answer);
  assert.match(answers[0]!, /log-in was refused/);
  assert.match(answers.at(-1)!, /400 .*refused the login/);
});
