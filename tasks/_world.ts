/**
 * A cluster for one test run: own ports, own data, nothing of the running lab's.
 *
 * @module
 */
import { here } from "../lib/platform/mod.ts";
import { freePorts } from "../tests/free_ports.ts";

/** Environment variables that point every door and helper at one throw-away world. */
export type World = Readonly<Record<string, string>>;

/** Chooses free ports and a fresh folder. Starts nothing. */
export async function freshWorld(): Promise<World> {
  // Room for three brokers and their controllers, then the others.
  const kafka = freePorts(10), registry = kafka + 7, controlCenter = kafka + 8, lab = kafka + 9;
  return {
    TAXI_STATE: await Deno.makeTempDir({ prefix: "taxi-test-" }),
    TAXI_KAFKA_PORT: `${kafka}`,
    TAXI_REGISTRY_PORT: `${registry}`,
    TAXI_CONTROL_CENTER_PORT: `${controlCenter}`,
    TAXI_LAB_PORT: `${lab}`,
    KAFKA_BROKERS: "",
    SCHEMA_REGISTRY_URL: "",
  };
}

/** Starts broker and registry, gives the world with their addresses to `use`, and stops them whatever happens. */
export async function withCluster<T>(use: (world: World) => Promise<T>): Promise<T> {
  const world = await freshWorld();
  try {
    await task("up", [], world);
    return await use({
      ...world,
      KAFKA_BROKERS: `localhost:${world.TAXI_KAFKA_PORT}`,
      SCHEMA_REGISTRY_URL: `http://localhost:${world.TAXI_REGISTRY_PORT}/apis/ccompat/v7`,
    });
  } finally {
    await task("down", [], world);
    await Deno.remove(world.TAXI_STATE!, { recursive: true });
  }
}

/** Runs one `deno task` of this checkout to its end. Throws with its own words when it fails. */
async function task(name: string, args: readonly string[], world: World): Promise<void> {
  const ended = await here.run(Deno.execPath(), ["run", "-A", `tasks/${name}.ts`, ...args], {
    env: { ...here.env.toObject(), ...world },
  });
  if (ended?.success) return;
  throw new Error(`Cannot run "deno task ${name}": ${ended?.output}${ended?.errors}`);
}
