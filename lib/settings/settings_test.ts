import assert from "node:assert/strict";
import { folders, kafkaSettings, ports, registrySettings, revealed } from "./mod.ts";

Deno.test("folders() finds the checkout that holds deno.json", async () => {
  const { root } = folders();
  assert.ok((await Deno.stat(`${root}/deno.json`)).isFile);
});

Deno.test("folders() keeps downloads where each system keeps what can be fetched again", () => {
  const cache = (os: typeof Deno.build.os, variables: Record<string, string>) =>
    folders(new Map(Object.entries(variables)), os).cache;
  assert.equal(cache("darwin", { HOME: "/Users/ada" }), "/Users/ada/Library/Caches/taxi-streams");
  assert.equal(cache("linux", { HOME: "/home/ada" }), "/home/ada/.cache/taxi-streams");
  const windows = { USERPROFILE: "C:\\Users\\ada" };
  assert.match(cache("windows", windows), /^C:\\Users\\ada\/AppData\/Local\/taxi-streams$/);
  assert.match(cache("windows", { ...windows, LOCALAPPDATA: "D:\\l" }), /^D:\\l\/taxi-streams$/);
});

Deno.test("folders() keeps what a checkout makes outside OneDrive, in a place of its own", () => {
  const home = "C:\\Users\\ada", local = `${home}\\AppData\\Local`;
  const variables = { LOCALAPPDATA: local, OneDriveConsumer: `${home}\\OneDrive` };
  const at = (root: string, more: Record<string, string> = {}) =>
    folders(new Map(Object.entries({ ...variables, ...more })), "windows", root);
  const synced = at(`${home}\\OneDrive\\Documents\\taxi\\`);
  assert.equal(synced.root, "C:/Users/ada/OneDrive/Documents/taxi");
  const beside = new RegExp(
    `^${RegExp.escape(local)}/taxi-streams-checkouts/[0-9a-f]{12}/\\.taxi$`,
  );
  assert.match(synced.state, beside);
  assert.equal(synced.venv, synced.state.replace(/taxi$/, "venv"));
  assert.equal(at("c:\\users\\ada\\onedrive\\documents\\TAXI").state, synced.state);
  assert.notEqual(at(`${home}\\OneDrive\\other`).state, synced.state);
  const moved = at(synced.root, { TAXI_STATE: "D:\\mine\\." });
  assert.deepEqual([moved.state, moved.venv], ["D:/mine", synced.venv]);
  for (const root of ["C:/Users/ada/OneDriveOld/taxi", "C:/Users/ada/taxi", "D:/taxi"]) {
    assert.deepEqual([at(root).state, at(root).venv], [`${root}/.taxi`, `${root}/.venv`]);
  }
  const linux = folders(new Map([["OneDrive", "/home/ada"]]), "linux", "/home/ada/taxi");
  assert.deepEqual([linux.state, linux.venv], ["/home/ada/taxi/.taxi", "/home/ada/taxi/.venv"]);
});

Deno.test("ports() refuses a port that is not a port, and names the variable", () => {
  assert.throws(() => ports(new Map([["TAXI_LAB_PORT", "eighty"]])), {
    name: "RangeError",
    message: 'Cannot use "eighty" as TAXI_LAB_PORT: a port is a whole number from 1 to 65535 ' +
      "(unset TAXI_LAB_PORT for 8888)",
  });
});

Deno.test("kafkaSettings() follows a moved local port", () => {
  const settings = kafkaSettings(new Map([["TAXI_KAFKA_PORT", "19092"]]));
  assert.deepEqual([settings.brokers, settings.local], [["localhost:19092"], true]);
});

Deno.test("kafkaSettings() reads a login, and no login where there is no name", () => {
  const env = new Map([["KAFKA_USERNAME", "ada"], ["KAFKA_PASSWORD", "s3"]]);
  const { sasl } = kafkaSettings(env);
  assert.ok(sasl?.mechanism === "plain");
  assert.deepEqual([sasl.username, revealed(sasl.password)], ["ada", "s3"]);
  assert.equal(kafkaSettings(new Map()).sasl, undefined);
});

Deno.test("settings show no password", () => {
  const env = new Map([
    ["KAFKA_USERNAME", "ada"],
    ["KAFKA_PASSWORD", "m4rker"],
    ["SCHEMA_REGISTRY_URL", "http://ada:m4rker@registry:8081"],
  ]);
  const token = new Map([["KAFKA_OAUTHBEARER_TOKEN", "m4rker"]]);
  for (const settings of [kafkaSettings(env), registrySettings(env), kafkaSettings(token)]) {
    for (const one of [settings, { ...settings }]) {
      const shown = Deno.inspect(one, { depth: 9 });
      assert.match(shown, /username: "ada"|mechanism: "oauthbearer"/);
      assert.doesNotMatch(shown, /m4rker/);
    }
  }
});

Deno.test("kafkaSettings() refuses an unknown mechanism", () => {
  const env = new Map([["KAFKA_USERNAME", "ada"], ["KAFKA_SASL_MECHANISM", "magic"]]);
  assert.throws(() => kafkaSettings(env), { name: "TypeError", message: /"magic".*scram-sha-512/ });
});

Deno.test("registrySettings() takes the slash off the end", () => {
  const env = new Map([["SCHEMA_REGISTRY_URL", "http://registry:8081///"]]);
  assert.equal(registrySettings(env).url, "http://registry:8081");
});

/** Reads Kafka's settings from the variables named. */
const kafka = (...variables: [name: string, value: string][]) => kafkaSettings(new Map(variables));

Deno.test("KAFKA_SSL is a yes, a no, or refused: what is not understood never means plain text", () => {
  for (const yes of ["true", "yes", "on", "1", "TRUE ", " On"]) {
    assert.equal(kafka(["KAFKA_SSL", yes]).ssl, true, yes);
  }
  for (const no of ["false", "no", "off", "0", "", " "]) {
    assert.equal(kafka(["KAFKA_SSL", no]).ssl, false, no);
  }
  for (const unclear of ["TLS", "SASL_SSL", "y", "ssl", "2", "disabled"]) {
    assert.throws(() => kafka(["KAFKA_SSL", unclear]), {
      name: "TypeError",
      message: `Cannot use "${unclear}" as KAFKA_SSL: it is neither yes nor no ` +
        "(write true, yes, on, 1, or false, no, off, 0)",
    });
  }
});

Deno.test("a file of TLS turns TLS on, and is refused beside KAFKA_SSL=false or without its other half", () => {
  const { ssl, tls } = kafka(["KAFKA_SSL_CA", "/ca.pem"]);
  assert.deepEqual([ssl, tls], [true, { ca: "/ca.pem" }]);
  const cert = ["DENO_CERT", "/deno.pem"] as [string, string];
  assert.deepEqual(kafka(["KAFKA_SSL", "true"], cert).tls, { ca: "/deno.pem" });
  assert.deepEqual([kafka(cert).ssl, kafka(cert).tls], [false, undefined]);
  assert.throws(() => kafka(["KAFKA_SSL", "false"], ["KAFKA_SSL_CA", "/ca.pem"]), {
    message: "Cannot use KAFKA_SSL=false together with KAFKA_SSL_CA: they contradict (unset one)",
  });
  assert.throws(() => kafka(["KAFKA_SSL_CERT", "/me.pem"]), /KAFKA_SSL_CERT alone.*KAFKA_SSL_KEY/);
  assert.throws(() => kafka(["KAFKA_SSL_KEY", "/me.key"]), /KAFKA_SSL_KEY alone.*KAFKA_SSL_CERT/);
});

Deno.test("a token is a login of its own; half a login is refused", () => {
  const { sasl } = kafka(["KAFKA_OAUTHBEARER_TOKEN", "t0ken"]);
  assert.ok(sasl?.mechanism === "oauthbearer");
  assert.equal(revealed(sasl.token), "t0ken");
  const refused: [RegExp, ...[string, string][]][] = [
    [/TOKEN together with KAFKA_USERNAME/, ["KAFKA_OAUTHBEARER_TOKEN", "t"], [
      "KAFKA_USERNAME",
      "ada",
    ]],
    [/KAFKA_OAUTHBEARER_TOKEN is not set/, ["KAFKA_SASL_MECHANISM", "oauthbearer"]],
    [/KAFKA_USERNAME is not set/, ["KAFKA_SASL_MECHANISM", "scram-sha-512"]],
    [/KAFKA_USERNAME is not set/, ["KAFKA_PASSWORD", "pw"]],
  ];
  for (const [message, ...variables] of refused) {
    assert.throws(() => kafka(...variables), { name: "TypeError", message });
  }
});

Deno.test("KAFKA_BROKERS that names no host and port is refused, and shows no login", () => {
  const refused: [text: string, why: RegExp][] = [
    ["localhost", /"localhost" as KAFKA_BROKERS: it names no port \(write host:port/],
    ["a:1,b", /"b".*no port/],
    ["http://a:9092", /without a protocol/],
    ["SASL_SSL://a:9092", /without a protocol/],
    ["a:0", /not a host and a port/],
    ["a:65536", /not a host and a port/],
    ["[::1]:9092", /IPv6/],
    ["ada:m4rker@a:9092", /"…@a:9092"/],
  ];
  for (const [text, message] of refused) {
    assert.throws(() => kafka(["KAFKA_BROKERS", text]), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /m4rker/);
      return true;
    });
  }
});

Deno.test("SCHEMA_REGISTRY_URL loses its login in whatever way it is written, or is refused", () => {
  for (const slashes of ["//", "/", "\\\\", "///"]) {
    const env = new Map([["SCHEMA_REGISTRY_URL", `http:${slashes}ada:m4rker@registry:8081/api/`]]);
    const { url, username, password } = registrySettings(env);
    assert.deepEqual(
      [url, username, password?.reveal()],
      ["http://registry:8081/api", "ada", "m4rker"],
    );
  }
  assert.throws(
    () => registrySettings(new Map([["SCHEMA_REGISTRY_URL", "ada:m4rker@registry:8081"]])),
    { message: /^Cannot use "…@registry:8081" as SCHEMA_REGISTRY_URL: it is not an http address/ },
  );
});

Deno.test("a folder's name loses slashes and dots at its end, and is meant from where it is typed", () => {
  const at = (name: string) =>
    folders(new Map([["TAXI_STATE", name], ["INIT_CWD", "/home/ada"], ["HOME", "/home/ada"]]))
      .state;
  assert.deepEqual(["/s/", "/s//", "/", "s"].map(at), ["/s", "/s", "/", "/home/ada/s"]);
  assert.deepEqual(["/s/.", "/s/./", "/t/../s/", "//s", "./s/"].map(at), [
    ...Array(4).fill("/s"),
    "/home/ada/s",
  ]);
});
