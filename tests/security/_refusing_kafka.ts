/** A Kafka that listens to a login and refuses it: enough of the protocol to get that far, and no more. */
export interface RefusingKafka extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** How many logins were refused. */
  readonly refused: () => number;
}

/** The requests it answers, and the version of each. */
const API_VERSIONS = 18, HANDSHAKE = 17, AUTHENTICATE = 36;
const OFFERED = [[3, 0, 1], [API_VERSIONS, 0, 0], [HANDSHAKE, 0, 1], [AUTHENTICATE, 0, 0]] as const;

/** Starts one on a free port of this machine. */
export function refusingKafka(): RefusingKafka {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let refused = 0;
  const serve = async (connection: Deno.Conn) => {
    let rest = new Uint8Array(0);
    for await (const chunk of connection.readable) {
      rest = Uint8Array.of(...rest, ...chunk);
      while (rest.length >= 4) {
        const view = new DataView(rest.buffer), size = view.getInt32(0);
        if (rest.length < 4 + size) break;
        const api = view.getInt16(4), correlation = view.getInt32(8);
        if (api === AUTHENTICATE) refused++;
        const body = answer(api);
        await connection.write(
          Uint8Array.of(...int32(4 + body.length), ...int32(correlation), ...body),
        );
        rest = rest.slice(4 + size);
      }
    }
  };
  const accepting = (async () => {
    for await (const connection of listener) void serve(connection).catch(() => {});
  })();
  return {
    address: `127.0.0.1:${listener.addr.port}`,
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
    },
  };
}

function answer(api: number): number[] {
  if (api === API_VERSIONS) {
    return [...int16(0), ...int32(OFFERED.length), ...OFFERED.flatMap((one) => one.flatMap(int16))];
  }
  if (api === HANDSHAKE) return [...int16(0), ...int32(1), ...text("PLAIN")];
  // SASL_AUTHENTICATION_FAILED, a reason, and no bytes.
  return [...int16(58), ...text("Authentication failed"), ...int32(0)];
}

const int16 = (n: number) => [n >> 8 & 255, n & 255];
const int32 = (n: number) => [...int16(n >>> 16), ...int16(n)];
const text = (words: string) => [...int16(words.length), ...new TextEncoder().encode(words)];
