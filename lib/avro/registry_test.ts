import assert from "node:assert/strict";
import {
  avroSerde,
  parseSchema,
  RegistryError,
  type SchemaRegistry,
  schemaRegistry,
} from "./mod.ts";

type Answer = (request: Request, path: string) => Response | Promise<Response>;
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
  });
const ride = parseSchema({
  type: "record",
  name: "Ride",
  fields: [{ name: "total_amount", type: "float" }],
});
const breaking = parseSchema({
  type: "record",
  name: "Ride",
  fields: [{ name: "total_amount", type: "string" }],
});

/** A registry that answers as the test wants; `requests` are what it was asked. */
async function withStub(
  answer: Answer,
  use: (registry: SchemaRegistry, requests: string[]) => Promise<void>,
  options: {
    readonly retryForMs?: number;
    readonly timeoutMs?: number;
    readonly username?: string;
  } = {},
): Promise<void> {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname;
    requests.push(`${request.method} ${path}`);
    return answer(request, path);
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  try {
    await use(schemaRegistry({ url, retryForMs: 0, ...options }), requests);
  } finally {
    await server.shutdown();
  }
}

const rejected = async (work: Promise<unknown>): Promise<RegistryError> => {
  const error = await work.then(() => undefined, (reason) => reason);
  assert.ok(error instanceof RegistryError, String(error));
  return error;
};

Deno.test("schemaRegistry() says that nobody listens, and how to start one", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  listener.close();
  const error = await rejected(schemaRegistry({ url, retryForMs: 150 }).subjects());
  assert.equal(
    error.message,
    `Cannot reach the schema registry at "${url}": connection refused (run "deno task up")`,
  );
  assert.equal(error.retriable, true);
  const named = await rejected(schemaRegistry({ url, local: false, retryForMs: 0 }).subjects());
  assert.match(named.message, /connection refused \(is SCHEMA_REGISTRY_URL right\?\)$/);
});

Deno.test("schemaRegistry() tells a wrong login, a missing one, and a missing right apart", async () => {
  const said = async (status: number, login: { username?: string } = {}) => {
    let message = "";
    await withStub(() => json({ error_code: status, message: "no" }, status), async (registry) => {
      message = (await rejected(registry.subjects())).message.replace(/^.*" /, "");
    }, login);
    return message;
  };
  const variables = "SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD";
  assert.equal(await said(401), `refused the login, HTTP 401 (set ${variables})`);
  assert.equal(await said(403), `refused the login, HTTP 403 (set ${variables})`);
  const login = { username: "ada" };
  assert.equal(await said(401, login), `refused the login, HTTP 401 (check ${variables})`);
  assert.equal(
    await said(403, login),
    "does not allow it to this user, HTTP 403: no " +
      "(have the right granted to the user of SCHEMA_REGISTRY_USERNAME)",
  );
});

Deno.test("schemaRegistry() gives a cold registry longer for a schema than for a question", async () => {
  const limits: number[] = [], { timeout } = AbortSignal;
  AbortSignal.timeout = (limitMs) => {
    limits.push(limitMs);
    return timeout.call(AbortSignal, limitMs);
  };
  try {
    await withStub(
      (request) => json(request.method === "POST" ? { id: 1 } : ["a"]),
      async (registry) => {
        await registry.subjects();
        await registry.register("a", ride);
      },
    );
  } finally {
    AbortSignal.timeout = timeout;
  }
  assert.deepEqual(limits, [5_000, 15_000]);
});

Deno.test("schemaRegistry() does not wait for a registry that hangs", async () => {
  const never = Promise.withResolvers<Response>();
  await withStub(() => never.promise, async (registry) => {
    const error = await rejected(registry.subjects());
    assert.match(error.message, /no answer within 50 ms \(run "deno task up"\)$/);
    never.resolve(json([]));
  }, { timeoutMs: 50 });
});

Deno.test("schemaRegistry() tries a 500 again until it is over", async () => {
  let left = 2;
  await withStub(
    () => left-- > 0 ? json({ error_code: 50001, message: "store" }, 500) : json(["b", "a"]),
    async (registry, requests) => {
      assert.deepEqual(await registry.subjects(), ["a", "b"]);
      assert.equal(requests.length, 3);
    },
    { retryForMs: 5_000 },
  );
});

Deno.test("schemaRegistry() tells apart 500, 401, HTML, an unknown id and JSON Schema", async () => {
  const html = () => new Response("<html>", { headers: { "content-type": "text/html" } });
  const cases: [Answer, RegExp, number | undefined, boolean][] = [
    [
      () => json({ error_code: 50001, message: "store down" }, 500),
      /answered HTTP 500: store down$/,
      500,
      true,
    ],
    [() => json({}, 401), /refused the login, HTTP 401 \(set SCHEMA_REGISTRY_USERNAME/, 401, false],
    [html, /answered HTTP 200 with text\/html, not JSON \(is SCHEMA_REGISTRY_URL/, 200, true],
    [
      () => json({ error_code: 40403, message: "Schema 7 not found" }, 404),
      /^Cannot read schema 7: .*HTTP 404: Schema 7 not found$/,
      404,
      false,
    ],
    [
      () => json({ schema: "{}", schemaType: "JSON" }),
      /^Cannot read schema 7: it is JSON, not AVRO$/,
      undefined,
      false,
    ],
  ];
  for (const [answer, message, status, retriable] of cases) {
    await withStub(answer, async (registry) => {
      const error = await rejected(registry.schemaById(7));
      assert.match(error.message, message);
      assert.deepEqual([error.status, error.retriable], [status, retriable]);
    });
  }
});

Deno.test("schemaRegistry() does not read an answer that does not end", async () => {
  let asked = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (out) => {
          asked++;
          out.enqueue(new Uint8Array(2 ** 20).fill(32));
        },
      }),
      { headers: { "content-type": "application/json" } },
    );
  await withStub(endless, async (registry) => {
    const error = await rejected(registry.subjects());
    assert.match(error.message, /^Cannot list .* is longer than 16 MB \(/);
    assert.equal(error.retriable, false);
    assert.ok(asked < 100);
  });
});

Deno.test("schemaRegistry() logs in with name and password", async () => {
  await withStub(
    (request) => json([request.headers.get("authorization")]),
    async (registry) => assert.deepEqual(await registry.subjects(), ["Basic YWRhOg=="]),
    { username: "ada" },
  );
});

Deno.test("schemaById() asks once for a thousand at the same time, and does not remember a failure", async () => {
  let failing = true;
  await withStub(
    () =>
      failing ? json({ error_code: 50001, message: "store" }, 500) : json({ schema: ride.text }),
    async (registry, requests) => {
      const thousand = () =>
        Promise.allSettled(Array.from({ length: 1_000 }, () => registry.schemaById(7)));
      assert.ok((await thousand()).every(({ status }) => status === "rejected"));
      assert.equal(requests.length, 1);
      failing = false;
      assert.ok((await thousand()).every(({ status }) => status === "fulfilled"));
      assert.equal(requests.length, 2);
    },
  );
});

/** A registry with one version of rides-value that refuses the next in its own words. */
const refusing = (message: string): Answer => (request, path) => {
  if (request.method === "POST") return json({ error_code: 409, message }, 409);
  if (path.startsWith("/config")) return json({ compatibilityLevel: "BACKWARD" });
  if (path.endsWith("/versions")) return json([1]);
  return json({ subject: "rides-value", version: 1, id: 7, schema: ride.text });
};

Deno.test("register() names subject, mode, field and rule of a refused schema", async () => {
  await withStub(refusing("Incompatible"), async (registry) => {
    const error = await rejected(registry.register("rides-value", breaking));
    assert.equal(error.name, "IncompatibleSchemaError");
    assert.equal(
      error.message,
      'Cannot register the schema of subject "rides-value": it breaks BACKWARD, field "total_amount": ' +
        "a string reader cannot read a float (TYPE_MISMATCH, new reader against version 1) " +
        "(put the schema back, or choose another compatibility mode)",
    );
  });
});

Deno.test("register() gives the registry's own reason where it finds none itself", async () => {
  const apicurio =
    "RuleViolationException: Incompatible artifact: rides-value [AVRO], num of incompatible diffs: {1}, " +
    "list of diff types: [reader type: STRING not compatible with writer type: FLOAT at /fields/1/type]";
  const confluent =
    'Schema being registered is incompatible with an earlier schema for subject "rides-value", ' +
    "details: [{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'tip' has no default', " +
    "additionalInfo:'tip'}]";
  const cases: [string, RegExp][] = [
    [
      apicurio,
      /the registry says: reader type: STRING not compatible .* at \/fields\/1\/type \(put/,
    ],
    [
      confluent,
      /the registry says: The field 'tip' has no default \(READER_FIELD_MISSING_DEFAULT_VALUE\)/,
    ],
    ["no", /the registry says: no \(put/],
  ];
  for (const [message, expected] of cases) {
    await withStub(refusing(message), async (registry) => {
      assert.match((await rejected(registry.register("rides-value", ride))).message, expected);
    });
  }
});

Deno.test("avroSerde() is plain values once topic and schema id are known", async () => {
  await withStub(
    (request) => json(request.method === "POST" ? { id: 258 } : { schema: ride.text }),
    async (registry, requests) => {
      const serde = avroSerde<{ total_amount: number }>({ registry, schema: ride });
      await Promise.all(
        Array.from({ length: 1_000 }, () => serde.encode({ total_amount: 1 }, "rides")),
      );
      const bytes = serde.encode({ total_amount: 40 }, "rides") as Uint8Array;
      assert.equal(bytes.toHex(), "00" + "00000102" + "00002042");
      assert.ok(serde.decode(bytes, "rides") instanceof Promise);
      await serde.decode(bytes, "rides");
      assert.deepEqual(serde.decode(bytes, "rides"), { total_amount: 40 });
      assert.deepEqual([serde.encode(null, "rides"), serde.decode(null, "rides")], [null, null]);
      assert.deepEqual(requests, ["POST /subjects/rides-value/versions", "GET /schemas/ids/258"]);
    },
  );
});

Deno.test("avroSerde() refuses what no registry's serializer wrote", async () => {
  await withStub(() => json({}), (registry, requests) => {
    const serde = avroSerde({ registry, schema: ride });
    for (
      const [bytes, message] of [["7b7d", /the header alone is 5 bytes/], [
        "7b22612200000000",
        /magic byte 0/,
      ]] as const
    ) {
      assert.throws(() => serde.decode(Uint8Array.fromHex(bytes), "rides"), {
        name: "SyntaxError",
        message,
      });
    }
    assert.deepEqual(requests, []);
    return Promise.resolve();
  });
});

Deno.test("avroSerde() says which schema cannot be read as the wanted one", async () => {
  await withStub(() => json({ schema: ride.text }), async (registry) => {
    const serde = avroSerde({ registry, schema: breaking });
    await assert.rejects(
      async () => await serde.decode(Uint8Array.fromHex("000000000700002042"), "rides"),
      {
        name: "SyntaxError",
        message:
          'Cannot read "Ride" as "Ride": field "total_amount": a string reader cannot read a float (TYPE_MISMATCH)',
      },
    );
  });
});

Deno.test("avroSerde() goes on with what it knows while the registry is away, and asks again for a new id", async () => {
  let away = false;
  await withStub(
    (request, path) =>
      away ? json({ error_code: 50001, message: "away" }, 500) : json(
        request.method === "POST" ? { id: path.includes("other") ? 9 : 8 } : { schema: ride.text },
      ),
    async (registry) => {
      const serde = avroSerde({ registry, schema: ride });
      const bytes = await serde.encode({ total_amount: 1 }, "rides") as Uint8Array;
      await serde.decode(bytes, "rides");
      away = true;
      assert.deepEqual(
        await serde.decode(serde.encode({ total_amount: 1 }, "rides") as Uint8Array, "rides"),
        {
          total_amount: 1,
        },
      );
      assert.equal((await rejected(serde.ready("other"))).retriable, true);
      away = false;
      await serde.ready("other");
    },
  );
});

Deno.test("avroSerde() without a schema writes with the subject's latest and reads what was written", async () => {
  await withStub(
    (_request, path) =>
      json({ subject: "rides-value", version: 2, id: 5, schema: ride.text, path }),
    async (registry, requests) => {
      const serde = avroSerde({ registry });
      const bytes = await serde.encode({ total_amount: 2 }, "rides") as Uint8Array;
      assert.deepEqual(await serde.decode(bytes, "rides"), { total_amount: 2 });
      assert.deepEqual(requests, [
        "GET /subjects/rides-value/versions/latest",
        "GET /schemas/ids/5",
      ]);
    },
  );
});

Deno.test("check() asks a registry that has no address for all versions about the latest one", async () => {
  // What Karapace answers: a 404 of its router, which knows nothing of subjects.
  await withStub((_request, path) => {
    if (path.startsWith("/config")) return json({ compatibilityLevel: "FORWARD_TRANSITIVE" });
    if (path === "/subjects/rides-value/versions") return json([1]);
    if (path.startsWith("/subjects")) {
      return json({ subject: "rides-value", version: 1, id: 1, schema: ride.text });
    }
    if (path === "/compatibility/subjects/rides-value/versions/latest") {
      return json({ is_compatible: false });
    }
    return json({ detail: "Not Found" }, 404);
  }, async (registry, requests) => {
    const { compatible, mode } = await registry.check("rides-value", breaking);
    assert.deepEqual([compatible, mode], [false, "FORWARD_TRANSITIVE"]);
    assert.deepEqual(requests.slice(-2), [
      "POST /compatibility/subjects/rides-value/versions",
      "POST /compatibility/subjects/rides-value/versions/latest",
    ]);
  });
});

Deno.test("check() does not ask twice where the registry says that it lacks the subject", async () => {
  await withStub((_request, path) => {
    if (path.startsWith("/config")) return json({ compatibilityLevel: "FULL_TRANSITIVE" });
    if (path === "/subjects/rides-value/versions") return json([1]);
    if (path.startsWith("/subjects")) {
      return json({ subject: "rides-value", version: 1, id: 1, schema: ride.text });
    }
    return json({ error_code: 40401, message: "Subject not found." }, 404);
  }, async (registry, requests) => {
    assert.match(
      (await rejected(registry.check("rides-value", ride))).message,
      /Subject not found/,
    );
    assert.equal(requests.filter((one) => one.startsWith("POST /compatibility")).length, 1);
  });
});
