/**
 * A wire between client and broker that loses or delays chosen answers: for tests of what happens then.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { Buffer } from "node:buffer";

/**
 * Decides about each answer: true loses it, and the connection with it, every other time after half of it; a number keeps
 * it back for so many ms.
 */
export type Loses = (
  answer: { readonly apiKey: number; readonly count: number },
) => boolean | number;

/** Kafka's numbers for the requests that read and write. */
export const API = {
  produce: 0,
  fetch: 1,
  addPartitionsToTxn: 24,
  addOffsetsToTxn: 25,
  endTxn: 26,
  txnOffsetCommit: 28,
} as const;

/** A running proxy. */
export interface LossyProxy extends AsyncDisposable {
  /** `host:port` to connect to. */
  readonly broker: string;
  /** How many answers were lost. */
  readonly lost: () => number;
}

/**
 * Listens on a free port and passes everything on to one broker; in answers the broker's port is replaced by its own,
 * so that clients stay.
 *
 * @param broker `localhost:port`.
 */
export function lossyProxy(broker: string, loses: Loses): LossyProxy {
  const port = Number(broker.split(":")[1]);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const counts = new Map<number, number>();
  let lost = 0;
  const decide = (apiKey: number): Decision => {
    const count = (counts.get(apiKey) ?? 0) + 1;
    counts.set(apiKey, count);
    const loss = loses({ apiKey, count });
    return loss === true ? lost++ % 2 === 0 ? "in half" : "whole" : Number(loss);
  };
  const ports = { from: port, to: listener.addr.port };
  const serving = (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "localhost", port });
      void passOn({ client, server, decide, ports });
    }
  })();
  return {
    broker: `localhost:${listener.addr.port}`,
    lost: () => lost,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

/** How an answer is lost, or for how many ms it is kept back. */
type Decision = "whole" | "in half" | number;

interface Wire {
  readonly client: Deno.Conn;
  readonly server: Deno.Conn;
  readonly decide: (apiKey: number) => Decision;
  readonly ports: { readonly from: number; readonly to: number };
}

async function passOn({ client, server, decide, ports }: Wire): Promise<void> {
  const asked = new Map<number, number>();
  const end = () => {
    for (const one of [client, server]) {
      try {
        one.close();
      } catch {
        // Closed already.
      }
    }
  };
  const requests = (async () => {
    for await (const frame of frames(client)) {
      asked.set(frame.readInt32BE(8), frame.readInt16BE(4));
      await write(server, frame);
    }
  })();
  const answers = (async () => {
    for await (const frame of frames(server)) {
      const decision = decide(asked.get(frame.readInt32BE(4)) ?? -1);
      const answer = readdressed(frame, ports);
      if (decision === "in half") await write(client, answer.subarray(0, answer.length / 2));
      if (typeof decision === "string") return;
      if (decision > 0) await sleep(decision);
      await write(client, answer);
    }
  })();
  await Promise.race([requests, answers].map((one) => one.catch(() => {})));
  end();
}

/** Whole frames, their four bytes of length included. */
async function* frames(connection: Deno.Conn): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of connection.readable) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      yield rest.subarray(0, end);
      rest = rest.subarray(end);
    }
  }
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Addresses stand in answers as a host's name followed by the port in four bytes. */
function readdressed(frame: Buffer, { from, to }: Wire["ports"]): Buffer {
  const old = Buffer.alloc(13, "localhost");
  old.writeInt32BE(from, 9);
  for (let at = frame.indexOf(old); at >= 0; at = frame.indexOf(old, at + 1)) {
    frame.writeInt32BE(to, at + 9);
  }
  return frame;
}
