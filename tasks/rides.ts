/** `deno task rides`: the seed's `producer_tax_json`, from any official file of yellow rides. */
import { InvalidArgumentError, Option } from "commander";
import { sendRides } from "../apps/rides.ts";
import { connect, type Kafka } from "../lib/kafka/mod.ts";
import { readRides, sampleFile } from "../lib/rides/mod.ts";
import { RidesReport } from "./_rides_report.ts";
import { callerPath, door, open, own, rate, wholeNumber } from "./_door.ts";
import { type Stop, stopOnSignals } from "./_stop.ts";
import { before, needTopic } from "./_topic.ts";

interface Flags {
  readonly csv?: string;
  readonly parquet?: string;
  readonly topic: string;
  readonly rate: number;
  readonly count: number;
  readonly maxMalformed: number;
  readonly json?: boolean;
}

await open(
  door("rides", "Sends taxi rides to a topic as JSON, keyed by vendor, one a second.")
    .addOption(
      new Option("--csv <file>", "TLC file of yellow rides, plain or .gz (default: data/rides.csv)")
        .conflicts("parquet"),
    )
    .option("--parquet <file>", "TLC file of yellow rides in Parquet")
    .option(
      "--topic <name>",
      "topic to write to; made when it is missing",
      own,
      own("datatalkclub.yellow_taxi_ride.json"),
    )
    .option("--rate <n|max>", "rides a second; a line for each unless it is max", rate, 1)
    .option("--count <n>", "end after so many rides", wholeNumber(0), Infinity)
    .option("--max-malformed <percent>", "give up when more of the rows are malformed", percent, 1)
    .option("--json", "JSON lines on stdout")
    .action(async (flags: Flags) => {
      const stop = stopOnSignals();
      const kafka = await connect();
      const report = new RidesReport(flags);
      try {
        await send(kafka, { flags, stop, report });
      } finally {
        report.end();
        await kafka.close();
      }
      Deno.exit(stop.exitCode());
    }),
);

async function send(
  kafka: Kafka,
  { flags, stop, report }: {
    readonly flags: Flags;
    readonly stop: Stop;
    readonly report: RidesReport;
  },
): Promise<void> {
  const named = flags.csv ?? flags.parquet;
  const rides = readRides(named === undefined ? sampleFile() : callerPath(named), {
    limit: flags.count,
    maxMalformedShare: flags.maxMalformed / 100,
    onMalformed: (row) => report.malformed(row),
  });
  const ready = before(rides, () => needTopic(kafka, flags.topic, report.say));
  for await (const sent of sendRides(kafka, ready, { ...flags, signal: stop.signal })) {
    report.sent(sent);
  }
}

function percent(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError("It must be a number from 0 to 100.");
}
