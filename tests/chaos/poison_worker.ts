/**
 * A worker whose input is poisoned: copies what is good, counts it by key, and does with the rest as it is told.
 *
 * Ends when it has caught up, with the number of records it refused as its last line. `SIGNAL_AT=crash:<step>@<n>` as in
 * `echo_worker.ts`, counting only commits with a refused record before them.
 *
 * @module
 */
import { avroSerde, parseSchema, schemaRegistry } from "../../lib/avro/mod.ts";
import { connect } from "../../lib/kafka/mod.ts";
import { registrySettings } from "../../lib/settings/mod.ts";
import { app, type Guarantee, string, topic } from "../../lib/streams/mod.ts";
import type { ErrorPolicy } from "../../lib/streams/types.ts";
import { drain, Worker } from "../../lib/streams/runtime/mod.ts";
import { door, open } from "../../tasks/_door.ts";
import { reportEvents } from "../../tasks/_worker_report.ts";
import { signalAt } from "./signal_at.ts";

/** What every good value is. */
interface Numbered {
  readonly n: number;
}

const SCHEMA = JSON.stringify({
  type: "record",
  name: "Numbered",
  fields: [{ name: "n", type: "long" }],
});

/** Makes the value's schema known; gives its id. */
export function registerNumbered(url: string): Promise<number> {
  return schemaRegistry({ url }).register("chaos-numbered", parseSchema(SCHEMA));
}

/** The application of one run. */
function poisonApp(run: string, format: string, policy: ErrorPolicy) {
  const registry = schemaRegistry(registrySettings());
  const values = format === "avro"
    ? { value: avroSerde<Numbered>({ registry, schema: parseSchema(SCHEMA) }) }
    : { validate: checked };
  const poison = app(run, { onError: { decode: policy }, deadLetter: `${run}.dead` });
  const good = poison.stream(topic<string, Numbered>(`${run}.in`, { key: string, ...values }))
    .filter((value) => value === null || value.n >= 0);
  good.to(`${run}.copy`);
  good.groupByKey().count("by-key").toStream().mapValues((count) => `${count}`)
    .to(topic(`${run}.counts`, { key: string, value: string }));
  return poison;
}

function checked(value: Numbered): void {
  if (typeof value?.n !== "number") throw new TypeError(`"n" is not a number`);
}

if (import.meta.main) {
  const [run, format, policy, guarantee] = Deno.args;
  await open(
    door("poison-worker", "Runs it.").allowExcessArguments(true).action(async () => {
      const kafka = await connect({ onNotice: () => {} });
      const die = signalAt(), report = reportEvents(console.log);
      // Which records the first commit holds is chance: of one without a bad record nothing comes twice.
      let refused = false, counts = false;
      const worker = await Worker.start(
        kafka,
        poisonApp(run!, format!, policy as ErrorPolicy).topology(),
        {
          guarantee: guarantee as Guarantee,
          sessionTimeoutMs: 2_000,
          commitIntervalMs: 50,
          onCommitStep: (step) => {
            if (step === "begun") counts = refused;
            return counts ? die(step) : undefined;
          },
          onEvent: (event) => {
            refused ||= event.kind === "refused";
            report(event);
          },
        },
      );
      await Promise.race([drain(worker), worker.done]);
      const errors = worker.tasks.running().map(({ task }) => task.metrics().errors);
      console.log(`refused ${errors.reduce((sum, one) => sum + one, 0)}`);
      await worker.stop();
      await kafka.close();
      Deno.exit(0);
    }),
    [],
  );
}
