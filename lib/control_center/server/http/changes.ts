import { avroSerde, parseSchema, type SchemaRegistry } from "../../../avro/mod.ts";
import { COMPATIBILITY_MODES, type CompatibilityMode } from "../../../avro/mod.ts";
import { deleteGroupOffsets, deleteRecords, emptyTopic } from "../../../kafka/engine.ts";
import { bytes, type Kafka, type OffsetChange, producer, type Sent } from "../../../kafka/mod.ts";
import { isInternal, looksInternal } from "../cluster/snapshot.ts";
import { readHeaders } from "./headers.ts";

/** A page's wish, as it came: nothing about it is certain. */
export type Wish = Readonly<Record<string, unknown>>;

const MOST_PARTITIONS = 50, MOST_SETTINGS = 40;
const TOPIC = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** Makes a topic; without settings it gets the cluster's defaults, and nothing is deleted by age. */
export async function createTopic(kafka: Kafka, wish: Wish) {
  const topic = await notInternal(kafka, "create", topicName(wish));
  const partitions = wholeNumber(wish, "partitions", { least: 1, most: MOST_PARTITIONS });
  if (await kafka.topics.exists(topic)) {
    throw new TypeError(`Cannot create topic "${topic}": it is there already`);
  }
  const config = { "retention.ms": "-1", ...settings(wish) };
  const replicas = wish.replicas === undefined || wish.replicas === ""
    ? {}
    : { replicas: wholeNumber(wish, "replicas", { least: 1, most: 100 }) };
  return await kafka.topics.create(topic, { partitions, config, ...replicas });
}

/** Changes settings of a topic, and adds partitions. */
export async function changeTopic(kafka: Kafka, wish: Wish): Promise<void> {
  const topic = await notInternal(kafka, "change", topicName(wish));
  const config = settings(wish);
  if (Object.keys(config).length > 0) await kafka.topics.configure(topic, config);
  if (wish.partitions !== undefined) {
    await kafka.topics.addPartitions(
      topic,
      wholeNumber(wish, "partitions", { least: 1, most: MOST_PARTITIONS }),
    );
  }
}

/** Deletes a topic whose name was typed again. */
export async function deleteTopic(kafka: Kafka, wish: Wish): Promise<void> {
  const topic = await notInternal(kafka, "delete", confirmed(wish, topicName(wish)));
  await kafka.topics.delete(topic);
}

/** Deletes all records of a topic whose name was typed again, or of one partition, there up to an offset. */
export async function clearTopic(kafka: Kafka, wish: Wish): Promise<{ readonly deleted: number }> {
  const topic = await notInternal(kafka, "empty", confirmed(wish, topicName(wish)));
  const { partition } = onePartition(wish),
    isWhole = wish.before === undefined || wish.before === "";
  if (partition === undefined) {
    if (isWhole) return { deleted: await emptyTopic(kafka, topic) };
    throw new TypeError("Cannot delete up to an offset: it is one of a partition (choose which)");
  }
  const begin = (await kafka.topics.beginOffsets(topic))[partition];
  const end = (await kafka.topics.endOffsets(topic))[partition];
  if (begin === undefined || end === undefined) {
    throw new RangeError(
      `Cannot empty partition ${partition} of topic "${topic}": it has none such`,
    );
  }
  const before = isWhole ? end : wholeNumber(wish, "before", { least: begin, most: end });
  await deleteRecords(kafka, topic, [{ partition, offset: before }]);
  return { deleted: before - begin };
}

/** Writes one record; JSON and Avro are checked before anything is sent. */
export async function produce(
  kafka: Kafka,
  registry: SchemaRegistry,
  wish: Wish,
): Promise<Sent> {
  const topic = await notInternal(kafka, "write to", topicName(wish));
  const encode = async (part: "key" | "value"): Promise<Uint8Array | null> => {
    const given = wish[part];
    if (given === null || given === undefined || (part === "key" && given === "")) return null;
    if (typeof given !== "string") throw new TypeError(`Cannot send this ${part}: it is not text`);
    const format = wish[`${part}Format`] ?? "json";
    if (format === "text") return new TextEncoder().encode(given);
    const value = parsed(given, part);
    if (format === "json") return new TextEncoder().encode(given);
    if (format !== "avro") throw new TypeError(`Cannot send a ${part} as "${format}"`);
    return await avroSerde({ registry, part }).encode(value, topic);
  };
  const record = { key: await encode("key"), value: await encode("value") };
  await using out = producer(kafka, { key: bytes, value: bytes });
  await kafka.topics.mustExist("write to", [topic]);
  return await out.send(topic, { ...record, headers: headersOf(wish), ...onePartition(wish) });
}

/** Moves an empty group, or says what would change. */
export async function resetGroup(kafka: Kafka, wish: Wish): Promise<readonly OffsetChange[]> {
  const group = text(wish, "group"), topic = topicName(wish), dryRun = wish.dryRun !== false;
  const one = onePartition(wish);
  if (wish.to === "by") {
    const most = Number.MAX_SAFE_INTEGER;
    const by = wholeNumber(wish, "by", { least: -most, most });
    const committed = (await kafka.groups.offsets(group, topic))
      .filter(({ partition }) => one.partition === undefined || partition === one.partition);
    const steps = committed.map(({ partition, offset }) =>
      kafka.groups.reset(group, { topic, dryRun, to: { partition, offset: offset + by } })
    );
    return (await Promise.all(steps)).flat();
  }
  const to = wish.to === "earliest" || wish.to === "latest"
    ? wish.to
    : wish.to === "offset"
    ? { offset: wholeNumber(wish, "offset", { least: 0, most: Number.MAX_SAFE_INTEGER }), ...one }
    : { timestampMs: wholeNumber(wish, "to", { least: 0, most: 8e15 }) };
  return await kafka.groups.reset(group, { topic, to, dryRun });
}

/** Forgets a group's offsets in one topic, whose name was typed again. */
export async function forgetOffsets(kafka: Kafka, wish: Wish): Promise<void> {
  await deleteGroupOffsets(kafka, text(wish, "group"), confirmed(wish, topicName(wish)));
}

/** Deletes a group whose name was typed again. */
export async function deleteGroup(kafka: Kafka, wish: Wish): Promise<void> {
  const group = confirmed(wish, text(wish, "group"));
  await kafka.groups.delete(group);
}

/** Sets the compatibility mode of a subject, or the global one. */
export async function setMode(registry: SchemaRegistry, wish: Wish): Promise<void> {
  const mode = COMPATIBILITY_MODES.find((one) => one === wish.mode) as
    | CompatibilityMode
    | undefined;
  if (!mode) throw new TypeError(`Cannot set the mode "${String(wish.mode).slice(0, 80)}"`);
  await registry.setCompatibility(
    mode,
    wish.subject === undefined ? undefined : text(wish, "subject"),
  );
}

/** Asks whether a pasted schema could become the next version of a subject. */
export async function checkSchema(registry: SchemaRegistry, wish: Wish) {
  return await registry.check(text(wish, "subject"), parseSchema(text(wish, "schema", 262_144)));
}

/** Registers a pasted schema as the next version of a subject. */
export async function registerSchema(registry: SchemaRegistry, wish: Wish) {
  const schema = parseSchema(text(wish, "schema", 262_144));
  return { id: await registry.register(text(wish, "subject"), schema) };
}

/** Deletes a subject whose name was typed again, or one version of it; ids stay known, so records stay readable. */
export async function deleteSchema(registry: SchemaRegistry, wish: Wish): Promise<void> {
  const subject = confirmed(wish, text(wish, "subject"));
  if (wish.version === undefined) await registry.deleteSubject(subject);
  else {
    const version = wholeNumber(wish, "version", { least: 1, most: 2 ** 31 });
    await registry.deleteVersion(subject, version);
  }
}

/** A name that Kafka would take. @throws {TypeError} If it is not. */
export function topicName({ topic }: Wish): string {
  if (typeof topic === "string" && TOPIC.test(topic)) return topic;
  throw new TypeError(
    `Cannot use "${String(topic).slice(0, 80)}" as a topic name: ` +
      "use letters, digits, dots, dashes and underscores, at most 249",
  );
}

async function notInternal(kafka: Kafka, verb: string, topic: string): Promise<string> {
  const owners = looksInternal(topic) ? await kafka.groups.list() : [];
  if (!isInternal(topic, new Set(owners))) return topic;
  throw new TypeError(`Cannot ${verb} topic "${topic}": a program keeps its own state there`);
}

/** The partition that was chosen, where one was. */
function onePartition(wish: Wish): { readonly partition?: number } {
  const { partition } = wish;
  if (partition === undefined || partition === null || partition === "") return {};
  return { partition: wholeNumber(wish, "partition", { least: 0, most: 100_000 }) };
}

function headersOf({ headers = "" }: Wish): [name: string, text: string][] {
  if (typeof headers !== "string") throw new TypeError("Cannot send these headers: not text");
  return readHeaders(headers);
}

function confirmed(wish: Wish, name: string): string {
  if (wish.confirm === name) return name;
  throw new TypeError(`Cannot delete "${name}": its name was not typed again`);
}

function settings({ config = {} }: Wish): Record<string, string> {
  const entries = typeof config === "object" && config !== null ? Object.entries(config) : [];
  if (entries.length > MOST_SETTINGS) throw new TypeError("Cannot take so many settings");
  for (const [name, value] of entries) {
    if (!/^[a-z.]{1,80}$/.test(name) || typeof value !== "string" || value.length > 1_000) {
      throw new TypeError(`Cannot take the setting "${name.slice(0, 80)}": not a name and a text`);
    }
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function parsed(given: string, part: string): unknown {
  try {
    return JSON.parse(given);
  } catch (error) {
    throw new SyntaxError(`Cannot send this ${part} as JSON: ${(error as Error).message}`);
  }
}

function text(wish: Wish, name: string, longest = 1_000): string {
  const value = wish[name];
  if (typeof value === "string" && value.length > 0 && value.length <= longest) return value;
  throw new TypeError(`Cannot go on without a ${name}`);
}

function wholeNumber(
  wish: Wish,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  // Nothing is not 0.
  const number = wish[name] === null || wish[name] === undefined ? NaN : Number(wish[name]);
  if (Number.isSafeInteger(number) && number >= least && number <= most && wish[name] !== "") {
    return number;
  }
  throw new RangeError(
    `Cannot use ${name} "${wish[name]}": it is a whole number from ${least} to ${most}`,
  );
}
