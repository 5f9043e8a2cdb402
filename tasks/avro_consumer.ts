/** `deno task avro-consumer`: the seed's Avro consumer, one member of a group. */
import { Option } from "commander";
import { consumeAvro } from "../apps/avro_consumer.ts";
import { schemaRegistry } from "../lib/avro/mod.ts";
import { connect } from "../lib/kafka/mod.ts";
import { registrySettings } from "../lib/settings/mod.ts";
import { door, open, own, wholeNumber } from "./_door.ts";
import { DecodeErrors, type DecodePolicy, onDecodeError } from "./_decode_errors.ts";
import { schemaFile } from "./_schema_file.ts";
import { plainJson } from "./_plain.ts";
import { stopOnSignals } from "./_stop.ts";
import { needTopic } from "./_topic.ts";

interface Flags {
  readonly topic: string;
  readonly group: string;
  readonly from: "earliest" | "latest";
  readonly valueSchema?: string;
  readonly max?: number;
  readonly json?: boolean;
  readonly onDecodeError: DecodePolicy;
}

await open(
  door("avro-consumer", "Reads Avro records as a member of a group; commits each of them.")
    .option(
      "--topic <name>",
      "topic to read; made when it is missing",
      own,
      own("datatalkclub.yellow_taxi_rides"),
    )
    .option("--group <id>", "group to join", own, own("datatalkclubs.taxirides.avro.consumer.2"))
    .addOption(
      new Option("--from <where>", "where to start when the group has committed nothing")
        .choices(["earliest", "latest"]).default("earliest"),
    )
    .option("--max <n>", "end after so many records", wholeNumber(1))
    .option("--value-schema <file>", "read the values as this schema (default: as written)")
    .addOption(onDecodeError())
    .option("--json", "JSON lines on stdout")
    .action(async (flags: Flags) => {
      const stop = stopOnSignals();
      const { topic, group, from, max = Infinity, json } = flags;
      const valueSchema = flags.valueSchema === undefined
        ? undefined
        : await schemaFile(flags.valueSchema, "");
      const registry = schemaRegistry(registrySettings());
      await registry.compatibility(); // A registry that is away is told now, not at the first record.
      const kafka = await connect();
      await needTopic(kafka, topic, json ? console.error : console.log);
      const unread = new DecodeErrors(kafka, flags.onDecodeError, console.error);
      const options = {
        ...{ topic, group, from, max, registry },
        onDecodeError: unread.handle,
        signal: stop.signal,
      };
      let records = 0;
      try {
        for await (
          const record of consumeAvro(kafka, { ...options, ...(valueSchema && { valueSchema }) })
        ) {
          const { topic, partition, offset, timestamp, key, value } = record;
          if (json) console.log(plainJson({ topic, partition, offset, timestamp, key, value }));
          else {
            const where = `topic ${topic}  partition ${partition}  offset ${offset}`;
            console.log(`${where}  key ${plainJson(key)}  value ${plainJson(value)}`);
          }
          records++;
        }
      } finally {
        await unread[Symbol.asyncDispose]();
        await kafka.close();
        if (json) console.log(plainJson({ total: { topic, group, records } }));
        else console.log(`read ${records} records of "${topic}" in group "${group}"`);
      }
      Deno.exit(stop.exitCode());
    }),
);
