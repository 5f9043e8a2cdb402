/** Every variable of the README, tried with rubbish, blanks and other ways to write it: nothing is guessed. */
import assert from "node:assert/strict";
import { check } from "../../lib/course/mod.ts";
import {
  folders,
  foreignKafka,
  kafkaSettings,
  learnerOf,
  ports,
  publicUrls,
  registrySettings,
} from "../../lib/settings/mod.ts";

/** What a variable holds: what is refused, and what means the same as another way to write it. */
interface Kind {
  readonly rubbish: readonly string[];
  readonly same: readonly (readonly [one: string, other: string])[];
}

const YES_OR_NO: Kind = {
  rubbish: ["TLS", "SASL_SSL", "y", "n", "2", "truee", "true,", "null", "yes no"],
  same: [["true", " TRUE\t"], ["true", "On"], ["yes", "1"], ["false", " No "], ["off", "0"]],
};
const ADDRESSES: Kind = {
  rubbish: [
    "a",
    "a:",
    ":1",
    "a:0",
    "a:65536",
    "a:1.5",
    "a:-1",
    "a:1/",
    "http://a:1",
    "[::1]:1",
    "a b:1",
  ],
  same: [["a:1,b:2", " a:1 ,, b:2 ,"]],
};
const PORT: Kind = {
  rubbish: ["0", "65536", "-1", "1.5", "1e3", "0x50", "٣", "eighty", "80 80", "+80"],
  same: [["9000", " 9000 "]],
};
const ADDRESS: Kind = {
  rubbish: [
    "r",
    "r:8081",
    "ftp://r",
    "http://",
    "http://r:99999",
    "http://r/?a",
    "http://r/#a",
    "http:// r",
  ],
  same: [["http://r:1/a", " HTTP://R:1/a/ "], ["http://r", "http://r///"]],
};
const MECHANISM: Kind = {
  rubbish: ["magic", "scram", "plain,scram-sha-256", "PLAIN TEXT", "gssapi"],
  same: [["plain", " PLAIN "], ["scram-sha-512", "SCRAM-SHA-512"]],
};
const LEARNER: Kind = {
  rubbish: ["Ana", "ana b", "ana.b", "-ana", "ana/", "ä", "a".repeat(31)],
  same: [["ana", " ana "]],
};
const PATH: Kind = { rubbish: [], same: [["/a/b", " /a/b/ "], ["/a/b", "/a//x/../b/."]] };
/** Anything may be a name or a password. */
const TEXT: Kind = { rubbish: [], same: [] }, NAME: Kind = { rubbish: [], same: [["a", " a "]] };

const KINDS: Readonly<Record<string, Kind>> = {
  KAFKA_BROKERS: ADDRESSES,
  KAFKA_SSL: YES_OR_NO,
  KAFKA_SSL_CA: PATH,
  DENO_CERT: PATH,
  KAFKA_SSL_CERT: PATH,
  KAFKA_SSL_KEY: PATH,
  KAFKA_USERNAME: NAME,
  KAFKA_PASSWORD: TEXT,
  KAFKA_SASL_MECHANISM: MECHANISM,
  KAFKA_OAUTHBEARER_TOKEN: NAME,
  SCHEMA_REGISTRY_URL: ADDRESS,
  SCHEMA_REGISTRY_USERNAME: NAME,
  SCHEMA_REGISTRY_PASSWORD: TEXT,
  TAXI_KAFKA_PORT: PORT,
  TAXI_REGISTRY_PORT: PORT,
  TAXI_CONTROL_CENTER_PORT: PORT,
  TAXI_LAB_PORT: PORT,
  TAXI_CONTROL_CENTER_URL: ADDRESS,
  TAXI_LAB_URL: ADDRESS,
  TAXI_LEARNER: LEARNER,
  TAXI_OWN_KAFKA: YES_OR_NO,
  TAXI_STATE: PATH,
  TAXI_CACHE: PATH,
};

/** What goes with a variable, so that it is looked at. */
const BESIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  KAFKA_SASL_MECHANISM: { KAFKA_USERNAME: "ada" },
  KAFKA_PASSWORD: { KAFKA_USERNAME: "ada" },
  SCHEMA_REGISTRY_PASSWORD: { SCHEMA_REGISTRY_USERNAME: "ada" },
  KAFKA_SSL_CERT: { KAFKA_SSL_KEY: "/key.pem" },
  KAFKA_SSL_KEY: { KAFKA_SSL_CERT: "/cert.pem" },
  DENO_CERT: { KAFKA_SSL: "true" },
};

/** All settings with this value; secrets revealed, as their text is what a value may change. */
function read(name: string, value: string): string {
  const env = new Map(Object.entries({ HOME: "/home/ada", ...BESIDE[name], [name]: value }));
  const all = [
    ...[kafkaSettings(env), registrySettings(env), ports(env), folders(env)],
    ...[publicUrls(env), learnerOf(env), foreignKafka(env)],
  ];
  const revealing = (_: string, part: unknown) => part;
  const secrets = [kafkaSettings(env).sasl, registrySettings(env)].map((one) =>
    one === undefined ? "" : "token" in one ? texted(one.token) : texted(one.password)
  );
  return JSON.stringify([all, secrets], revealing);
}

const texted = (secret: unknown) =>
  typeof secret === "object" && secret !== null && "reveal" in secret
    ? (secret.reveal as () => string)()
    : String(secret);

Deno.test("the README's table names the variables that are tried here, and no others", async () => {
  const readme = await Deno.readTextFile("README.md");
  const [table] = readme.match(/^\| variable \|[^]*?\n\n/m) ?? [];
  const named = [...table!.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name!);
  assert.deepEqual(new Set(named), new Set(Object.keys(KINDS)));
});

for (const [name, { rubbish, same }] of Object.entries(KINDS)) {
  Deno.test(`${name}: rubbish is refused with its name, blanks are nothing, other ways mean the same`, () => {
    for (const value of rubbish) {
      assert.throws(() => read(name, value), (error: Error) => {
        assert.ok(error instanceof TypeError || error instanceof RangeError, value);
        assert.match(error.message, new RegExp(`^Cannot use ".*" as ${name}: .+ \\(.+\\)$`, "s"));
        return true;
      }, `${name}="${value}"`);
    }
    for (const [one, other] of same) assert.equal(read(name, other), read(name, one), other);
    // A password of blanks is a password.
    if (name.endsWith("_PASSWORD")) return assert.equal(read(name, "").includes('" "'), false);
    for (const blank of [" ", "\t", " \n "]) {
      // Half of a pair is refused as if the other half stood alone.
      const result = (value: string) => {
        try {
          return read(name, value);
        } catch (error) {
          return (error as Error).message;
        }
      };
      assert.equal(result(blank), result(""), JSON.stringify(blank));
    }
  });
}

Deno.test("TAXI_GRADE and TAXI_DEBUG are a yes, a no, or refused", async () => {
  const before = Deno.env.get("TAXI_GRADE");
  try {
    for (const rubbish of YES_OR_NO.rubbish) {
      Deno.env.set("TAXI_GRADE", rubbish);
      await assert.rejects(check("wrong", 1, 2), { name: "TypeError", message: /as TAXI_GRADE: / });
    }
  } finally {
    if (before === undefined) Deno.env.delete("TAXI_GRADE");
    else Deno.env.set("TAXI_GRADE", before);
  }
  const { stderr, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "tasks/status.ts"],
    env: { TAXI_DEBUG: "maybe", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  assert.deepEqual([code, said.split("\n").length], [1, 2], said);
  assert.match(said, /^✗ Cannot use "maybe" as TAXI_DEBUG: it is neither yes nor no/);
});
