/**
 * Writes a value with another library's serializer and reads our bytes with its deserializer:
 * `avro_interop.ts PEER TOPIC VALUE_JSON OUR_HEX` prints `{ "hex", "value" }`.
 *
 * Needs `--config bench/peers/deno.json`, `SCHEMA_REGISTRY_URL` and `AVRO_SCHEMA`.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { confluent, kafkajs } from "./avro_peers.ts";

const [name, topic, value, hex] = process.argv.slice(2);
const { SCHEMA_REGISTRY_URL, AVRO_SCHEMA } = process.env;
const open = name === "kafkajs" ? kafkajs : confluent;
const peer = await open({ registry: SCHEMA_REGISTRY_URL!, topic: topic!, schema: AVRO_SCHEMA! });
const written = await peer.encode(JSON.parse(value!));
const read = await peer.decode(Buffer.from(hex!, "hex"));
console.log(JSON.stringify({ hex: written.toString("hex"), value: read }));
process.exit(0);
