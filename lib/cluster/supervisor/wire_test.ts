import assert from "node:assert/strict";
import { freePorts } from "../../../tests/free_ports.ts";
import { Wire } from "./wire.ts";

/** A server that says back what it hears, with a wire before it. */
async function behindWire(test: (wire: Wire, port: number) => Promise<void>): Promise<void> {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const one of server) one.readable.pipeTo(one.writable).catch(() => {});
  })();
  const port = freePorts(1), wire = new Wire(port, server.addr.port);
  await test(wire, port).finally(async () => {
    wire.close();
    server.close();
    await serving;
  });
}

async function says(connection: Deno.Conn, word: string): Promise<string | null> {
  const bytes = new Uint8Array(9);
  try {
    await connection.write(new TextEncoder().encode(word));
    const count = await connection.read(bytes);
    return count === null ? null : new TextDecoder().decode(bytes.subarray(0, count));
  } catch {
    return null;
  }
}

Deno.test("Wire passes on bytes, nothing while it is cut, and new connections once it is mended", () =>
  behindWire(async (wire, port) => {
    using first = await Deno.connect({ port, hostname: "127.0.0.1" });
    assert.equal(await says(first, "one"), "one");
    wire.cut();
    assert.equal(await says(first, "two"), null);
    using second = await Deno.connect({ port, hostname: "127.0.0.1" });
    assert.equal(await says(second, "two"), null);
    wire.mend();
    using third = await Deno.connect({ port, hostname: "127.0.0.1" });
    assert.equal(await says(third, "three"), "three");
  }));

Deno.test("Wire closes who comes while nothing listens behind it", async () => {
  const [port, nobody] = [freePorts(1), freePorts(1)], wire = new Wire(port, nobody);
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  assert.equal(await says(connection, "one"), null);
  wire.close();
});
