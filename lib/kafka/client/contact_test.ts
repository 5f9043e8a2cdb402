import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { type KafkaSettings, kafkaSettings } from "../../settings/mod.ts";
import { wireKafka } from "../../../tests/testkit/wire_kafka.ts";
import { connect } from "./connect.ts";
import { contactProblem } from "./contact.ts";

const folder = `${import.meta.dirname}/testdata`;
const file = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
const certificate = (name: string) => ({ cert: file(`${name}.pem`), key: file(`${name}.key`) });
const trusts = { ssl: true, tls: { ca: `${folder}/ca.pem` } };
const quiet = (socket: net.Socket) => void socket.on("error", () => {});

/** What listens where Kafka should, how it is asked, and what is said. */
const CASES: [name: string, server: net.Server, settings: Partial<KafkaSettings>, says: string][] =
  [
    [
      "its certificate is of an authority that is not known",
      tls.createServer(certificate("localhost"), quiet),
      { ssl: true },
      "its certificate is not trusted here (unable to verify the first certificate) " +
      "(name the file of who signed it in KAFKA_SSL_CA)",
    ],
    [
      "its certificate has another name",
      tls.createServer(certificate("other.example"), quiet),
      trusts,
      "its certificate is for another name (Hostname/IP does not match certificate's altnames: Host: " +
      "localhost. is not in the cert's altnames: DNS:other.example) " +
      "(name the broker in KAFKA_BROKERS as its certificate does)",
    ],
    [
      "it asks for a client's certificate",
      tls.createServer(
        { ...certificate("localhost"), ca: file("ca.pem"), requestCert: true },
        quiet,
      ),
      trusts,
      "it asks for a client's certificate (name it and its key in KAFKA_SSL_CERT and KAFKA_SSL_KEY)",
    ],
    [
      "it speaks TLS and is not asked to",
      tls.createServer(certificate("localhost"), quiet),
      {},
      "it speaks TLS (set KAFKA_SSL=true)",
    ],
    [
      "it does not speak TLS and is asked to",
      net.createServer((socket) => {
        quiet(socket);
        socket.once("data", () => socket.destroy());
      }),
      { ssl: true },
      "it does not speak TLS (unset KAFKA_SSL, or name its TLS port)",
    ],
    [
      "it closes a TLS connection without a log-in",
      tls.createServer(certificate("localhost"), (socket) => {
        quiet(socket);
        socket.once("data", () => socket.destroy());
      }),
      trusts,
      "something listens there, and closes the connection " +
      "(does it need a log-in: KAFKA_USERNAME and KAFKA_PASSWORD?)",
    ],
    [
      "it is a web server",
      net.createServer((socket) => {
        quiet(socket);
        socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
      }),
      {},
      "it speaks HTTP, not Kafka's protocol (is KAFKA_BROKERS right?)",
    ],
  ];

Deno.test("connect() says in one line what is wrong with what listens there", async () => {
  const said = await Promise.all(CASES.map(async ([name, server, settings]) => {
    const { message, notices } = await contact(server, settings);
    return [name, message, ...notices.filter((text) => !text.startsWith("Connecting to "))];
  }));
  assert.deepEqual(said, CASES.map(([name, , , says]) => [name, says]));
});

Deno.test("connect() gives up what accepts connections and never answers", async () => {
  const { message } = await contact(net.createServer(quiet), {}, { answerTimeoutMs: 100 });
  assert.equal(
    message,
    "something listens there, but has not answered within 0.1 s (is KAFKA_BROKERS right?)",
  );
});

Deno.test("connect() goes to a broker that answers, whoever else is named with it", async () => {
  await using kafka = await wireKafka();
  const sockets = new Set<net.Socket>();
  const silent = net.createServer((socket) => void sockets.add(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const half = `localhost:${(silent.address() as net.AddressInfo).port}`;
  const settings = { brokers: [half, "localhost:1", kafka.address], local: false, ssl: false };
  const connected = await connect({ settings, answerTimeoutMs: 600_000 });
  const addresses = (await connected.brokers()).map(({ address }) => address);
  assert.deepEqual(addresses, [kafka.address]);
  await connected.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});

Deno.test("contactProblem() tells the mistakes of a log-in apart", () => {
  const error = (name: string, message: string, type?: string) =>
    Object.assign(new Error(message), { name, ...(type && { type }) });
  const sasl = kafkaSettings(new Map([["KAFKA_USERNAME", "ada"]])).sasl!;
  const said = (one: Error) => {
    const { why, fix } = contactProblem(one, { ssl: false, sasl });
    return `${why} (${fix})`;
  };
  const wrong =
    "SASL PLAIN authentication failed: Authentication failed: Invalid username or password";
  assert.equal(
    said(error("KafkaJSSASLAuthenticationError", wrong)),
    "the log-in was refused (check KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_SASL_MECHANISM)",
  );
  assert.equal(
    said(error("KafkaJSProtocolError", "not valid", "ILLEGAL_SASL_STATE")),
    "it takes no log-in (unset KAFKA_USERNAME, or name the port that takes one)",
  );
  assert.equal(
    said(error("KafkaJSProtocolError", "not supported", "UNSUPPORTED_SASL_MECHANISM")),
    "it knows no log-in by plain (set KAFKA_SASL_MECHANISM to one that it knows)",
  );
});

/** Connects to a server, and gives what is said behind its address. */
async function contact(
  server: net.Server,
  settings: Partial<KafkaSettings>,
  { answerTimeoutMs = 600_000 }: { readonly answerTimeoutMs?: number } = {},
): Promise<{ readonly message: string; readonly notices: readonly string[] }> {
  const sockets = new Set<net.Socket>(), notices: string[] = [];
  server.on("connection", (socket: net.Socket) => sockets.add(socket));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `localhost:${(server.address() as net.AddressInfo).port}`;
  const error = await connect({
    settings: { brokers: [address], local: false, ssl: false, ...settings },
    onNotice: ({ text }) => notices.push(text),
    answerTimeoutMs,
  }).then(() => new Error("it connected"), (error: Error) => error);
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, "close");
  return { message: error.message.replace(`Cannot reach Kafka at "${address}": `, ""), notices };
}
