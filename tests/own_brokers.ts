/**
 * Brokers of a test's own: free ports, a fresh folder, no registry; gone afterwards whatever happens.
 *
 * @module
 */
import {
  type ClusterConfig,
  clusterConfig,
  type ClusterSize,
  down,
  up,
} from "../lib/cluster/mod.ts";
import { connect, type Kafka, type Notice } from "../lib/kafka/mod.ts";
import { freshWorld } from "../tasks/_world.ts";

/** What a test gets. */
export interface OwnBrokers {
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  /** For `killBroker` and `startBroker`. */
  readonly config: ClusterConfig;
  /** What the learner would have been told. */
  readonly notices: readonly Notice[];
}

/** Starts so many brokers, runs the test, stops them. */
export async function withBrokers(
  size: ClusterSize,
  test: (own: OwnBrokers) => Promise<void>,
): Promise<void> {
  // A registry that is not ours to start is one JVM less.
  const own = { ...await freshWorld(), SCHEMA_REGISTRY_URL: "http://localhost:1" };
  const config = clusterConfig(new Map(Object.entries({ ...Deno.env.toObject(), ...own })));
  const notices: Notice[] = [];
  try {
    const { brokers } = await up({ brokers: size, config });
    const settings = { brokers, local: false, ssl: false };
    const kafka = await connect({ settings, onNotice: (notice) => notices.push(notice) });
    try {
      await test({ kafka, brokers, config, notices });
    } finally {
      await kafka.close();
    }
  } finally {
    await down({ config });
    await Deno.remove(config.folders.state, { recursive: true });
  }
}

/** Asks again until the answer is something; fails after five minutes, naming what was waited for. */
export async function until<T>(fact: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = Date.now() + 300_000;
  while (Date.now() < deadlineMs) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot wait any longer for ${fact}`);
}
