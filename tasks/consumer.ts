/** `deno task consumer`: the seed's consumer, one member of a group. */
import { Option } from "commander";
import { consumeValues } from "../apps/consumer.ts";
import { connect } from "../lib/kafka/mod.ts";
import { door, open, own, wholeNumber } from "./_door.ts";
import { DecodeErrors, type DecodePolicy, onDecodeError } from "./_decode_errors.ts";
import { plainJson } from "./_plain.ts";
import { stopOnSignals } from "./_stop.ts";
import { needTopic } from "./_topic.ts";

interface Flags {
  readonly topic: string;
  readonly group: string;
  readonly from: "earliest" | "latest";
  readonly max?: number;
  readonly json?: boolean;
  readonly onDecodeError: DecodePolicy;
}

await open(
  door("consumer", "Reads a topic as a member of a group; Ctrl-C commits and leaves the group.")
    .option("--topic <name>", "topic to read; made when it is missing", own, own("demo_1"))
    .option("--group <id>", "group to join", own, own("consumer.group.id.demo.1"))
    .addOption(
      new Option("--from <where>", "where to start when the group has committed nothing")
        .choices(["earliest", "latest"]).default("earliest"),
    )
    .option("--max <n>", "end after so many records", wholeNumber(1))
    .addOption(onDecodeError())
    .option("--json", "JSON lines on stdout")
    .action(async (flags: Flags) => {
      const stop = stopOnSignals();
      const say = flags.json ? console.error : console.log;
      const kafka = await connect();
      await needTopic(kafka, flags.topic, say);
      let records = 0;
      await using unread = new DecodeErrors(kafka, flags.onDecodeError, console.error);
      const values = consumeValues(kafka, {
        topic: flags.topic,
        group: flags.group,
        from: flags.from,
        max: flags.max ?? Infinity,
        onAssignment: (sentence) => say(sentence),
        onDecodeError: unread.handle,
        signal: stop.signal,
      });
      for await (const { topic, partition, offset, timestamp, key, value } of values) {
        records++;
        console.log(
          flags.json
            ? plainJson({ topic, partition, offset, timestamp, key, value })
            : `partition ${partition}  offset ${offset}  ${plainJson(value)}`,
        );
      }
      await kafka.close();
      const { topic, group } = flags;
      if (flags.json) console.log(JSON.stringify({ total: { topic, group, records } }));
      else console.log(`read ${records} records of "${topic}" in group "${group}"`);
      Deno.exit(stop.exitCode());
    }),
);
