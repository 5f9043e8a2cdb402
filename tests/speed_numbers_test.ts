/** What notebook 23 says of batches, bytes and partitions, computed by plain loops over the same rides. */
import assert from "node:assert/strict";
import { lectures } from "../lib/course/mod.ts";
import { type Compression, partitionForKey } from "../lib/kafka/mod.ts";
import { encodeProduceRequest } from "../lib/kafka/wire/encode_batch.ts";
import { readRides, readTrips, sampleFile } from "../lib/rides/mod.ts";

const rides = await Array.fromAsync(readRides(sampleFile(), { limit: 1_000 }));
const { starts } = await readTrips({ limit: 1_000 });
const values = rides.map((ride) => new TextEncoder().encode(JSON.stringify(ride)));

/** The prose of a cell of notebook 23. */
async function said(cell: string): Promise<string> {
  const [lecture] = await lectures(["23"]);
  return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
}

/** What a request has in front of its one batch, for a topic with a name of one letter. */
const REQUEST_BYTES = 27;

/** Bytes in the log of some rides as one batch. */
function batchBytes(some: readonly Uint8Array[], compression: Compression = "none"): number {
  const messages = some.map((value) => ({ key: null, value, timestamp: 0 }));
  const batch = { topic: "t", partition: 0, firstSequence: 0, messages };
  const producer = { producerId: 1n, producerEpoch: 0 };
  return encodeProduceRequest(producer, [batch], { compression }).length - REQUEST_BYTES;
}

const chunks = (size: number) =>
  Array.from({ length: 1_000 / size }, (_, n) => values.slice(n * size, (n + 1) * size));
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const inBatchesOf = (size: number, compression: Compression) =>
  sum(chunks(size).map((some) => batchBytes(some, compression)));
const thousands = (bytes: number) => Math.round(bytes / 1_000);

Deno.test("notebook 23 says how many bytes the rides take one by one and all at once", async () => {
  const alone = inBatchesOf(1, "none");
  const together = batchBytes(values.slice(0, 1)) + batchBytes(values.slice(1));
  const [each, all] = [alone, together].map((bytes) => bytes.toLocaleString("en"));
  assert.match(await said("await-observe"), new RegExp(`: ${each} bytes, against ${all}\\.`));
});

Deno.test("notebook 23 says what gzip leaves of batches of 1, 10, 100 and 1,000 rides", async () => {
  const [one, ten, hundred, thousand] = [1, 10, 100, 1_000].map((size) =>
    thousands(inBatchesOf(size, "gzip"))
  );
  const plain = thousands(inBatchesOf(1, "none")), prose = await said("packing-observe");
  assert.match(prose, new RegExp(`^Nine tenths: ${one} of ${plain} kB\\.`));
  assert.match(
    prose,
    new RegExp(`need ${ten} kB, a hundred ${hundred}, a thousand ${thousand}\\.`),
  );
  assert.equal(Math.round(10 * inBatchesOf(1, "gzip") / inBatchesOf(1, "none")), 9);
  for (const size of [1, 10, 100, 1_000]) {
    const ratio = inBatchesOf(size, "gzip") / inBatchesOf(size, "zstd");
    assert.ok(Math.abs(ratio - 1) < 0.05, `${size}: ${ratio}`);
  }
});

/** Ten requests of a hundred rides, `stay` of them to a partition before the next one's turn. */
function spread(partitions: number, stay: number) {
  const of = (n: number) => Math.floor(n / stay) % partitions;
  const batches = chunks(100).flatMap((some, request) =>
    [
      ...Map.groupBy(some.keys(), (i) => of(100 * request + i)).values(),
    ].map((those) => those.map((i) => some[i]!))
  );
  const filled = new Set(values.map((_, n) => of(n))).size;
  const bytes = sum(batches.map((those) => batchBytes(those, "zstd")));
  return { batches: batches.length, bytes: thousands(bytes), empty: partitions - filled };
}

Deno.test("notebook 23 says how many batches there are in turn and sticky, and what they take", async () => {
  const turn = spread(24, 1), sticky = spread(24, 100), prose = await said("sticky-observe");
  assert.match(prose, new RegExp(`^${spread(6, 1).batches} and ${spread(6, 100).batches}\\. `));
  assert.match(prose, new RegExp(`it is ${turn.batches} and ${sticky.batches}, `));
  assert.match(prose, new RegExp(`${turn.bytes} kB against ${sticky.bytes}:`));
  assert.match(prose, new RegExp(`leave ${sticky.empty} of them empty`));
  assert.equal(sticky.bytes, spread(1, 1).bytes);
});

const bytesOf = (key: number) => new TextEncoder().encode(`${key}`);

/** Records of the busiest of so many partitions. */
function busiest(keys: readonly number[], partitions: number): number {
  const counts = new Array<number>(partitions).fill(0);
  for (const key of keys) counts[partitionForKey(bytesOf(key), partitions)]!++;
  return Math.max(...counts);
}

Deno.test("notebook 23 says how many rides the busiest partition has, by key", async () => {
  const zones = starts.map(({ PULocationID }) => PULocationID);
  const vendors = starts.map(({ vendorId }) => vendorId);
  const prose = await said("hot-observe"), counts = [3, 12, 48];
  const most = counts.map((count) => busiest(vendors, count));
  assert.deepEqual(most, [most[0], most[0], most[0]]);
  assert.match(prose, new RegExp(`^${most[0]}, as before\\.`));
  assert.match(await said("hot-predict"), new RegExp(`has ${most[0]} of the 1,000`));
  const even = counts.map((count) => Math.ceil(starts.length / count));
  assert.match(prose, new RegExp(`as it should: ${even.join(", ")}\\.`));
  const some = counts.map((count) => busiest(zones, count));
  assert.match(prose, new RegExp(`nearly so: ${some.join(", ")}\\.`));
  const limit = Math.floor(1_000 * starts.length / some[1]!).toLocaleString("en");
  assert.match(prose, new RegExp(`has ${some[1]} of 1,000, so that ${limit} a second`));
  assert.match(await said("hot"), new RegExp(`there are ${new Set(zones).size}, and`));
  assert.equal(new Set(vendors.map((key) => partitionForKey(bytesOf(key), 48))).size, 48 - 45);
});

Deno.test("notebook 23 says how many zones move when partitions are added", async () => {
  const zones = [...new Set(starts.map(({ PULocationID }) => PULocationID))].map(bytesOf);
  const moved = (from: number, to: number) =>
    zones.filter((key) => partitionForKey(key, from) !== partitionForKey(key, to)).length;
  const prose = await said("more-observe");
  assert.match(
    prose,
    new RegExp(`^${moved(6, 12)} of ${zones.length}\\. From 6 to 8 it is ${moved(6, 8)}:`),
  );
});
