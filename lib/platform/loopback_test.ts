import assert from "node:assert/strict";
import { listenOnLoopback, serveLoopback } from "./loopback.ts";

/** Another program that was at one address first. */
async function whileTaken(hostname: string, test: (port: number) => Promise<void> | void) {
  using other = Deno.listen({ hostname, port: 0 });
  await test(other.addr.port);
}

const hasIpv6 = (() => {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
})();

Deno.test("listenOnLoopback() and serveLoopback() refuse a port that somebody has at either address of localhost", async () => {
  for (const hostname of hasIpv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]) {
    await whileTaken(hostname, (port) => {
      assert.throws(() => listenOnLoopback(port), Deno.errors.AddrInUse, hostname);
      assert.throws(
        () => serveLoopback({ port }, () => new Response()),
        Deno.errors.AddrInUse,
        hostname,
      );
    });
  }
});

Deno.test("serveLoopback() lets go of the first address when the second is taken", async () => {
  if (!hasIpv6) return;
  await whileTaken("::1", async (port) => {
    assert.throws(() => serveLoopback({ port }, () => new Response()), Deno.errors.AddrInUse);
    using _ = Deno.listen({ hostname: "127.0.0.1", port });
    await Promise.resolve();
  });
});

Deno.test("serveLoopback() answers at both addresses, so nobody else does at localhost", async () => {
  const server = serveLoopback({ port: 0 }, () => new Response("ours"));
  const names = ["127.0.0.1", "localhost", ...hasIpv6 ? ["[::1]"] : []];
  for (const name of names) {
    assert.equal(await (await fetch(`http://${name}:${server.port}`)).text(), "ours", name);
  }
  await server.shutdown();
  await server.finished;
  listenOnLoopback(server.port);
});

Deno.test("serveLoopback() gives up a body that does not come, and the next request is answered", async () => {
  const seen: string[] = [];
  const server = serveLoopback({ port: 0, bodyWithinMs: 1 }, async (request) => {
    const text = await request.text().catch((error) => `! ${error.message}`);
    seen.push(text);
    return new Response(text);
  });
  const half = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab";
  await half.write(new TextEncoder().encode(head));
  const answer = new Uint8Array(1_000);
  const size = await half.read(answer);
  assert.match(new TextDecoder().decode(answer.subarray(0, size!)), /has not come within 1 ms/);
  half.close();
  assert.equal(await (await fetch(`http://127.0.0.1:${server.port}`)).text(), "");
  assert.deepEqual(seen, ["! The body has not come within 1 ms", ""]);
  await server.shutdown();
});

Deno.test("serveLoopback() is held by no half request heads: it answers others, ends at once, and keeps none of a client that went", async () => {
  const { pid } = Deno, isLinux = Deno.build.os === "linux";
  const openFiles = async () =>
    isLinux ? (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length : 0;
  const server = serveLoopback({ port: 0 }, () => new Response("ours"));
  const ask = async () =>
    await (await fetch(`http://127.0.0.1:${server.port}`, { headers: { connection: "close" } }))
      .text();
  const halves = async () => {
    const all = [];
    for (let i = 0; i < 100; i++) {
      const half = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      await half.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: local"));
      all.push(half);
    }
    return all;
  };
  assert.equal(await ask(), "ours");
  const before = await openFiles();
  for (const half of await halves()) half.close();
  // The server sees that they went while it answers others.
  while (await openFiles() > before + 10) assert.equal(await ask(), "ours");
  const waiting = await halves();
  assert.equal(await ask(), "ours");
  await server.shutdown();
  await server.finished;
  for (const half of waiting) {
    const size = await half.read(new Uint8Array(1)).catch(() => null);
    assert.equal(size, null);
    half.close();
  }
  listenOnLoopback(server.port);
});
