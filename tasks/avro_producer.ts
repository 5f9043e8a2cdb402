/** `deno task avro-producer`: the seed's Avro producer, one ride a second. */
import { sendAvroRides } from "../apps/avro_producer.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { connect } from "../lib/kafka/mod.ts";
import { readRides, sampleFile } from "../lib/rides/mod.ts";
import { registrySettings } from "../lib/settings/mod.ts";
import { callerPath, door, open, own, rate, wholeNumber } from "./_door.ts";
import { RidesReport } from "./_rides_report.ts";
import { schemaFile } from "./_schema_file.ts";
import { stopOnSignals } from "./_stop.ts";
import { before, needTopic } from "./_topic.ts";

interface Flags {
  readonly csv?: string;
  readonly keySchema?: string;
  readonly valueSchema?: string;
  readonly topic: string;
  readonly rate: number;
  readonly count: number;
  readonly json?: boolean;
}

await open(
  door("avro-producer", "Sends taxi rides to a topic as Avro, one a second.")
    .option("--csv <file>", "TLC file of yellow rides, plain or .gz (default: data/rides.csv)")
    .option("--value-schema <file>", "schema of the values (default: schemas/taxi_ride_value.avsc)")
    .option("--key-schema <file>", "schema of the keys (default: schemas/taxi_ride_key.avsc)")
    .option(
      "--topic <name>",
      "topic to write to; made when it is missing",
      own,
      own("datatalkclub.yellow_taxi_rides"),
    )
    .option("--rate <n|max>", "rides a second; a line for each unless it is max", rate, 1)
    .option("--count <n>", "end after so many rides", wholeNumber(0), Infinity)
    .option("--json", "JSON lines on stdout")
    .action(async (flags: Flags) => {
      const stop = stopOnSignals();
      const keySchema = await schemaFile(flags.keySchema, "taxi_ride_key.avsc");
      const valueSchema = await schemaFile(flags.valueSchema, "taxi_ride_value.avsc");
      const registry = schemaRegistry(registrySettings());
      const kafka = await connect();
      const report = new RidesReport(flags);
      const rides = readRides(flags.csv === undefined ? sampleFile() : callerPath(flags.csv), {
        limit: flags.count,
        onMalformed: (row) => report.malformed(row),
      });
      const ready = before(rides, () => needTopic(kafka, flags.topic, report.say));
      const { topic, rate } = flags;
      const options = { topic, rate, registry, keySchema, valueSchema, signal: stop.signal };
      try {
        for await (const sent of sendAvroRides(kafka, ready, options)) report.sent(sent);
      } finally {
        report.end();
        await kafka.close();
      }
      Deno.exit(stop.exitCode());
    }),
);
