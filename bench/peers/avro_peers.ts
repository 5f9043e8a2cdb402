/**
 * The two other registry serializers of JavaScript, behind one shape. Both are awaited record by record.
 *
 * @module
 */
import {
  AvroDeserializer,
  AvroSerializer,
  SchemaRegistryClient,
  SerdeType,
} from "@confluentinc/schemaregistry";
import kafkajsRegistry from "@kafkajs/confluent-schema-registry";
import { Buffer } from "node:buffer";

/** One serializer with its deserializer, for the values of one topic. */
export interface Peer {
  encode(value: unknown): Promise<Buffer>;
  decode(bytes: Buffer): Promise<unknown>;
}

/** Where and what to serialize. */
export interface PeerOptions {
  readonly registry: string;
  readonly topic: string;
  readonly schema: string;
}

/** `@kafkajs/confluent-schema-registry`. */
export async function kafkajs({ registry, topic }: PeerOptions): Promise<Peer> {
  const client = new kafkajsRegistry.SchemaRegistry({ host: registry });
  // Not register(): it wants the subject's mode to be BACKWARD in so many words, and Apicurio says NONE when unset.
  const id = await client.getLatestSchemaId(`${topic}-value`);
  return { encode: (value) => client.encode(id, value), decode: (bytes) => client.decode(bytes) };
}

/** `@confluentinc/schemaregistry`. */
export async function confluent({ registry, topic, schema }: PeerOptions): Promise<Peer> {
  const client = new SchemaRegistryClient({ baseURLs: [registry] });
  await client.register(`${topic}-value`, { schemaType: "AVRO", schema });
  const serializer = new AvroSerializer(client, SerdeType.VALUE, {
    useLatestVersion: true,
    autoRegisterSchemas: false,
  });
  const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {});
  return {
    encode: (value) => serializer.serialize(topic, value),
    decode: (bytes) => deserializer.deserialize(topic, bytes),
  };
}
