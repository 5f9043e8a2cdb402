import assert from "node:assert/strict";
import { saslOptions, tlsOptions } from "./credentials.ts";

const settings = { brokers: ["a:1"], local: false, ssl: true };
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

Deno.test("tlsOptions() reads what the settings name, and nothing without TLS", async () => {
  const ca = await Deno.makeTempFile();
  await Deno.writeTextFile(ca, CERTIFICATE);
  assert.deepEqual(tlsOptions({ ...settings, tls: { ca } }), { ca: CERTIFICATE });
  assert.deepEqual(tlsOptions(settings), {});
  assert.equal(tlsOptions({ ...settings, ssl: false, tls: { ca: "/nowhere" } }), undefined);
  await Deno.remove(ca);
});

Deno.test("tlsOptions() names a file that is not there, or not in PEM, and the variable", async () => {
  assert.throws(() => tlsOptions({ ...settings, tls: { ca: "/no/ca.pem" } }), {
    message: 'the file "/no/ca.pem" cannot be read: there is no such file ' +
      "(KAFKA_SSL_CA or DENO_CERT names it)",
  });
  const key = await Deno.makeTempFile();
  await Deno.writeTextFile(key, CERTIFICATE);
  assert.throws(() => tlsOptions({ ...settings, tls: { key } }), {
    message: `the file "${key}" holds no private key in PEM (KAFKA_SSL_KEY names it)`,
  });
  await Deno.remove(key);
});

Deno.test("saslOptions() hands a token to whoever asks for it", async () => {
  const options = saslOptions({ mechanism: "oauthbearer", token: "t0ken" });
  assert.ok(options.mechanism === "oauthbearer");
  assert.deepEqual(await options.oauthBearerProvider(), { value: "t0ken" });
});
