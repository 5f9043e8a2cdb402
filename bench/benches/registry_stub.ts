/** A registry with one schema, so that serializers can be measured without a cluster. */
export interface RegistryStub {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a registry that knows `schema` as id 7, version 1 of any subject. */
export function registryStub(schema: string): RegistryStub {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") return json({ id: 7, version: 1, schema });
    if (/^\/schemas\/ids\/7$/.test(pathname)) return json({ schema });
    const subject = pathname.match(/^\/subjects\/([^/]+)\/versions\/(latest|1)$/)?.[1];
    if (subject !== undefined) return json({ subject, version: 1, id: 7, schema });
    return json({ error_code: 40401, message: `no ${pathname}` }, 404);
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, close: () => server.shutdown() };
}

function json(body: unknown, status = 200): Response {
  const headers = { "content-type": "application/vnd.schemaregistry.v1+json" };
  return new Response(JSON.stringify(body), { status, headers });
}
