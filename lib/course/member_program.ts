/**
 * A member of a group as a process of its own, which can be frozen: each record says how many milliseconds it works on
 * it. Its one argument is a {@linkcode MemberOrder} as JSON; what happens to it is written as JSON, a line each.
 *
 * @module
 */
import { sleep } from "../async/mod.ts";
import { connect, consumer } from "../kafka/mod.ts";
import type { MemberOrder, MemberWord } from "./lesson_member.ts";

/** Standing still is all that a frozen program does: no heartbeat, no fetch, no timer, in the middle of its work. */
function listen(): void {
  const frozen = new Int32Array(new SharedArrayBuffer(4));
  const ears = new Worker(new URL("./member_ears.ts", import.meta.url), { type: "module" });
  ears.addEventListener("message", () => {
    say({ now: "frozen" });
    Atomics.wait(frozen, 0, 1);
    say({ now: "working" });
  });
  ears.postMessage(frozen.buffer);
}

function say(word: MemberWord): void {
  console.log(JSON.stringify(word));
}

async function work({ brokers, reads }: MemberOrder): Promise<void> {
  const kafka = await connect({ settings: { brokers, local: false, ssl: false } });
  const member = await consumer<unknown, number>(kafka, {
    ...reads,
    onAssignment: (assigned) => say({ assigned }),
    onRevocation: (left) => say({ left }),
  });
  say({ now: "working" });
  for await (const { partition, offset, value } of member.records()) {
    const record = { partition, offset, value: value! };
    say({ begun: record });
    await sleep(record.value);
    say({ done: record });
  }
}

listen();
try {
  await work(JSON.parse(Deno.args[0]!));
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) });
}
