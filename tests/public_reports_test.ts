/**
 * What other people's files, records and clients did to products like this one, and the test that holds the right value.
 *
 * Each row: the kind, where it was reported in public, the file of the test, and the beginning of the test's name.
 */
import assert from "node:assert/strict";

const REPORTS: readonly (readonly [kind: string, where: string, file: string, test: string])[] = [
  [
    "rides of five fields, as the original course's producer writes them",
    "DataTalksClub/data-engineering-zoomcamp, producer_taxi_json.py",
    "lib/rides/json_test.ts",
    "rideJson reads the five fields of the original course's producer",
  ],
  [
    "advice in an error that the command at hand does not have",
    "the same course's FAQ, module 6",
    "tasks/decode_errors_live_test.ts",
    "worker ends at a record it cannot read with advice that its command line has",
  ],
  [
    "a broker that sends its clients to an address that is not there, and a doctor that asks nobody",
    "tulios/kafkajs#479, #769, provectus/kafka-ui#2021, wurstmeister/kafka-docker#169",
    "tasks/doctor_test.ts",
    "the doctor finds each broken set-up, and what it advises makes it whole",
  ],
  [
    "an aggregate that is changed in place and grouped again",
    "confluentinc/ksql#6405",
    "lib/streams/operators/in_place_test.ts",
    "a result changed in place is taken back whole",
  ],
  [
    "one subject of another kind empties the list",
    "provectus/kafka-ui#2196, lensesio/schema-registry-ui#101",
    "lib/control_center/server/schemas/schemas_test.ts",
    "Subjects lists what there is of every kind",
  ],
  [
    "Protobuf as Java's and as Python's clients register and write it",
    "confluentinc/confluent-kafka-python, ProtobufSerializer",
    "lib/control_center/server/records/protobuf_test.ts",
    "protobufReader() finds the second and the nested message",
  ],
  [
    "records packed as snappy or lz4",
    "tulios/kafkajs#1475, jlandersen/vscode-kafka#217",
    "lib/kafka/wire/compression_test.ts",
    "unpack() reads ",
  ],
  [
    "counts of zero, several rows of one name, dates as names",
    "observablehq/plot#2352, #470",
    "lib/show/odd_rows_test.ts",
    "bars() gives counts of zero no height",
  ],
  [
    "a search that looks at what is shown",
    "provectus/kafka-ui#951, #2578",
    "lib/control_center/server/schemas/schemas_test.ts",
    "wholeText() finds what is stored",
  ],
  [
    "Avro schemas with references",
    "birdayz/kaf#308",
    "lib/avro/others_test.ts",
    "schemaRegistry() fetches what a schema refers to",
  ],
  [
    "a writer's default of another branch",
    "mtth/avsc#409, kafkajs/confluent-schema-registry#34",
    "lib/avro/others_test.ts",
    "a writer's default",
  ],
  [
    "nanoseconds before 1970",
    "apache/arrow, as pyarrow writes them",
    "lib/rides/read_others_test.ts",
    "readRides() rounds nanoseconds down, before 1970 too",
  ],
  [
    "times in Parquet without a unit; decimals; prefixes; structs",
    "ClickHouse/ClickHouse#8280, #57833",
    "lib/rides/read_others_test.ts",
    "readRides() refuses",
  ],
  [
    "headers: repeats, null, names like numbers",
    "tulios/kafkajs#1121, platformatic/kafka#373, KIP-82",
    "lib/kafka/wire/headers_test.ts",
    "headers come back in order, repeated, null and empty told apart",
  ],
  [
    "groups of the new protocol",
    "tchiotludo/akhq#2720, redpanda-data/console#2222",
    "lib/kafka/admin/groups_live_test.ts",
    "groups.describe() knows the members of a group of the new protocol",
  ],
  [
    "what share groups have read",
    "KIP-932, KIP-1226",
    "lib/control_center/server/cluster/snapshot_test.ts",
    "clusterState() lists groups of every kind, with the lag that the broker counts",
  ],
  [
    "gzip of several members, or with padding",
    "whatwg/compression#42, nodejs/node#64023, RFC 1952",
    "lib/rides/read_others_test.ts",
    "readRides() reads gzip of several members",
  ],
  [
    "a time that is null, a Date, text, true or infinite",
    "none found: natural in cells that nobody type-checks",
    "lib/streams/task/event_time_test.ts",
    "Task.step() refuses an event time by name",
  ],
  [
    "windows that are years apart",
    "the course's FAQ, unexpected years",
    "lib/show/odd_rows_test.ts",
    "windowView() and lateView() draw windows that are years apart",
  ],
  [
    "broker errors passed on raw",
    "gmbyapa/kstream#13",
    "lib/kafka/client/errors_test.ts",
    "inPlainWords() passes the broker's sentence on, in the house's words",
  ],
  [
    "emptying a compacted topic",
    "KIP-107",
    "lib/kafka/admin/topics_live_test.ts",
    "emptyTopic() empties a topic, and says why",
  ],
  [
    "markers of transactions counted as records",
    "obsidiandynamics/kafdrop#241",
    "lib/control_center/server/cluster/snapshot_test.ts",
    "clusterState() says how many offsets a topic has",
  ],
  [
    "zones, and words for empty, of pandas, DuckDB, Polars, BigQuery, R, MySQL",
    "the documentation of each",
    "lib/rides/read_others_test.ts",
    "readRides() takes",
  ],
  [
    "files that are no CSV: JSON, web pages, Excel, pointers of Git LFS",
    "the course's FAQ",
    "lib/rides/read_csv_test.ts",
    "readCsv() refuses a file with",
  ],
];

Deno.test("each kind of public report has a test that holds the right value", async () => {
  for (const [kind, where, file, test] of REPORTS) {
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    const found = [`Deno.test("${test}`, `Deno.test(\`${test}`].some((one) => text.includes(one));
    assert.ok(found, `${kind} (${where}): ${file} has no test "${test}…"`);
  }
});
