/** `deno task producer`: the seed's producer, a number a second. */
import { produceNumbers } from "../apps/producer.ts";
import { connect } from "../lib/kafka/mod.ts";
import { door, open, own, rate, wholeNumber } from "./_door.ts";
import { stopOnSignals } from "./_stop.ts";
import { needTopic } from "./_topic.ts";

interface Flags {
  readonly topic: string;
  readonly count: number;
  readonly rate: number;
  readonly json?: boolean;
}

/** At full speed a line for each record would only slow it down. */
const REPORT_EVERY_MS = 1_000;

await open(
  door("producer", "Writes numbers to a topic, one a second.")
    .option("--topic <name>", "topic to write to; made when it is missing", own, own("demo_1"))
    .option("--count <n>", "how many records", wholeNumber(0), 1000)
    .option("--rate <n|max>", "records a second", rate, 1)
    .option("--json", "JSON lines on stdout")
    .action(async (flags: Flags) => {
      const stop = stopOnSignals();
      const say = flags.json ? console.error : console.log;
      const kafka = await connect();
      await needTopic(kafka, flags.topic, say);
      const records = await produce(kafka, { flags, signal: stop.signal, say });
      await kafka.close();
      if (flags.json) console.log(JSON.stringify({ total: { topic: flags.topic, records } }));
      else console.log(`produced ${records} records to "${flags.topic}"`);
      Deno.exit(stop.exitCode());
    }),
);

async function produce(
  kafka: Awaited<ReturnType<typeof connect>>,
  { flags, signal, say }: {
    readonly flags: Flags;
    readonly signal: AbortSignal;
    readonly say: (line: string) => void;
  },
): Promise<number> {
  let records = 0, reportedMs = performance.now();
  for await (const sent of produceNumbers(kafka, { ...flags, signal })) {
    records++;
    if (flags.json) console.log(JSON.stringify(sent));
    else if (flags.rate < Infinity) {
      say(
        `producing ${
          JSON.stringify(sent.value)
        } → partition ${sent.partition}, offset ${sent.offset}`,
      );
    }
    if (flags.rate === Infinity && performance.now() - reportedMs > REPORT_EVERY_MS) {
      reportedMs = performance.now();
      say(`producing … ${records} of ${flags.count}`);
    }
  }
  return records;
}
