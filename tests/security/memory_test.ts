/** What a hostile topic costs in memory: a process that reads it stays below 300 MB, however many bombs there are. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { folders } from "../../lib/settings/mod.ts";
import { CODEC, rawBatch, sealed, spaces } from "../testkit/raw_batch.ts";

const MOST_BYTES = 300 << 20, BATCHES = 8, ANSWERS = 2;

/** Good records, two bombs, rubbish behind a batch, a wrong checksum, an unknown codec, good records. */
function hostileAnswer(): Buffer {
  let firstOffset = 0;
  const batch = (how: Partial<Parameters<typeof rawBatch>[0]> = {}) =>
    rawBatch({ firstOffset: firstOffset++, values: ["x"], ...how });
  const bomb = spaces(100 << 20);
  const wrongChecksum = (bytes: Buffer) => {
    bytes[bytes.length - 2]! ^= 1;
    return bytes;
  };
  const unknownCodec = (bytes: Buffer) => {
    bytes.writeInt16BE(CODEC.unknown, 21);
    return sealed(bytes);
  };
  return Buffer.concat([
    batch({ values: ["good"] }),
    batch({ codec: "gzip", body: () => gzipSync(bomb) }),
    batch({ codec: "zstd", body: () => zstdCompressSync(bomb) }),
    batch({ codec: "gzip", body: (plain) => Buffer.concat([gzipSync(plain), Buffer.from("x")]) }),
    wrongChecksum(batch()),
    unknownCodec(batch()),
    batch({ codec: "gzip", body: (plain) => gzipSync(plain) }),
    batch({ values: ["good"] }),
  ]);
}

/** Reads the answer in a file again and again; prints what it found, and the most memory that it ever had. */
const READER = `
  import { Buffer } from "node:buffer";
  const [file, root, answers] = Deno.args;
  const { openRecordSet } = await import(root + "/lib/kafka/wire/record_batch.ts");
  const bytes = Buffer.from(Deno.readFileSync(file)), good = [], bad = [];
  for (let left = Number(answers); left > 0; left--) {
    for (const { offset, unreadable } of openRecordSet(bytes, 0).unread.takeAll()) {
      (unreadable ? bad : good).push(offset);
    }
  }
  const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
  const peak = status.match(/VmHWM:\\s+(\\d+) kB/)?.[1];
  const peakBytes = peak ? Number(peak) * 1024 : Deno.memoryUsage().rss;
  console.log(JSON.stringify({ good, bad, peakBytes }));
`;

Deno.test("a reader of bombs takes less than 300 MB, reads all that is good, and tells of each bad batch once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/answer`, hostileAnswer());
    await Deno.writeTextFile(`${folder}/reader.ts`, READER);
    const { root } = folders();
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", `--config=${root}/deno.json`],
        ...[`${folder}/reader.ts`, `${folder}/answer`, root, `${ANSWERS}`],
      ],
    }).output();
    const said = new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    const { good, bad, peakBytes } = JSON.parse(said);
    const offsets = (of: readonly number[]) => Array.from({ length: ANSWERS }, () => of).flat();
    assert.deepEqual(good, offsets([0, 3, 6, 7]));
    assert.deepEqual(bad, offsets([1, 2, 4, 5]));
    assert.equal(good.length + bad.length, ANSWERS * BATCHES);
    assert.ok(peakBytes < MOST_BYTES, `${peakBytes} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
