import assert from "node:assert/strict";
import { FetchBuffer, type Unread } from "./fetch_buffer.ts";

const at = (partition: number) => ({ topic: "t", partition });

/** Records with these offsets, still to be taken. */
function unread(...offsets: number[]): Unread {
  return {
    get size() {
      return offsets.length;
    },
    bytes: 10 * offsets.length,
    take: () => ({ offset: offsets.shift()!, timestamp: 0, key: null, value: null }),
  };
}

function buffer(...partitions: number[]): FetchBuffer {
  const made = new FetchBuffer();
  made.assign(partitions.map(at));
  return made;
}

function take(buffer: FetchBuffer): string | undefined {
  const record = buffer.front();
  if (!record || !buffer.accept(record)) return undefined;
  return `${record.partition}:${record.offset}`;
}

Deno.test("FetchBuffer hands out answers in the order they came", () => {
  const fetched = buffer(0, 1);
  fetched.add(at(1), unread(5, 6), 7);
  fetched.add(at(0), unread(0), 1);
  assert.deepEqual([take(fetched), take(fetched), take(fetched), take(fetched)], [
    "1:5",
    "1:6",
    "0:0",
    undefined,
  ]);
});

Deno.test("FetchBuffer passes over a paused partition", () => {
  const fetched = buffer(0, 1);
  fetched.add(at(0), unread(0), 1);
  fetched.add(at(1), unread(0), 1);
  assert.equal(fetched.front(new Set(["t-0"]))?.partition, 1);
});

Deno.test("FetchBuffer.uncommitted() holds what was processed, not what was only handed out", () => {
  const fetched = buffer(0);
  fetched.add(at(0), unread(0, 1), 2);
  take(fetched);
  assert.deepEqual(fetched.uncommitted(), []);
  assert.equal(fetched.isBusy(), true);
  fetched.markDone();
  assert.deepEqual(fetched.uncommitted(), [{ ...at(0), offset: 1 }]);
  fetched.markCommitted([{ ...at(0), offset: 1 }]);
  assert.deepEqual(fetched.uncommitted(), []);
});

Deno.test("FetchBuffer counts transaction markers behind the last record as read", () => {
  const fetched = buffer(0);
  fetched.add(at(0), unread(0), 1);
  fetched.add(at(0), undefined, 2);
  take(fetched);
  assert.deepEqual(fetched.positions(), [{ ...at(0), offset: 2 }]);
  fetched.add(at(0), undefined, 4);
  assert.deepEqual(fetched.positions(), [{ ...at(0), offset: 4 }]);
});

Deno.test("FetchBuffer counts the bytes of an answer until its last record is handed out", () => {
  const fetched = buffer(0, 1), waiting: number[] = [];
  fetched.add(at(0), unread(0, 1), 2);
  fetched.add(at(0), unread(2), 3);
  fetched.add(at(1), unread(0), 1);
  do waiting.push(fetched.waitingBytes(at(0))); while (take(fetched)?.startsWith("0:"));
  assert.deepEqual(waiting, [30, 30, 10, 0]);
});

Deno.test("FetchBuffer drops what is not owned, and everything at a new assignment", () => {
  const fetched = buffer(0);
  fetched.add(at(1), unread(0), 1);
  assert.equal(take(fetched), undefined);
  fetched.add(at(0), unread(0), 1);
  const front = fetched.front()!;
  fetched.assign([at(0)]);
  assert.equal(fetched.accept(front), false);
  assert.deepEqual([fetched.positions(), fetched.waitingBytes(at(0))], [[], 0]);
});

Deno.test("FetchBuffer.moveTo() drops what was fetched and goes on from there", () => {
  const fetched = buffer(0, 1);
  fetched.add(at(0), unread(0), 1);
  fetched.add(at(1), unread(0), 1);
  fetched.moveTo({ ...at(0), offset: 9 });
  assert.equal(take(fetched), "1:0");
  assert.deepEqual(fetched.positions()[0], { ...at(0), offset: 9 });
});
