import assert from "node:assert/strict";
import { freePorts } from "../tests/free_ports.ts";
import { controlCenterInWords } from "./_control_center.ts";

/** A port that answers like this. */
async function answering(body: string, test: (port: number) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(body),
  );
  await test(server.addr.port).finally(() => server.shutdown());
}

const brokers = ["localhost:9092"];
const page = (kafka: string) => JSON.stringify({ where: { kafka } });

Deno.test("controlCenterInWords() gives the address of this cluster's page", () =>
  answering(page("localhost:9092"), async (port) => {
    assert.equal(await controlCenterInWords(port, { brokers }), `http://127.0.0.1:${port}`);
  }));

Deno.test("controlCenterInWords() knows this cluster's page in a container by the cluster's id", async () => {
  const body = JSON.stringify({ where: { kafka: "broker:29092", clusterId: "c-1" } });
  await answering(body, async (port) => {
    const words = (id: string | null) =>
      controlCenterInWords(port, { brokers, clusterId: () => Promise.resolve(id), waitMs: 0 });
    assert.equal(await words("c-1"), `http://127.0.0.1:${port}`);
    for (const other of ["c-2", null]) assert.match(await words(other), /is taken by process/);
  });
});

Deno.test("controlCenterInWords() names who has the port: another program, or another cluster's page", async () => {
  for (const body of ["hello", page("localhost:19092")]) {
    await answering(body, async (port) => {
      const words = await controlCenterInWords(port, { brokers });
      assert.match(words, new RegExp(`^port ${port} is taken by process ${Deno.pid} `));
    });
  }
});

Deno.test("controlCenterInWords() says that nobody answers, yet or at all", async () => {
  const nobody = freePorts(1);
  const words = (waitMs: number) => controlCenterInWords(nobody, { brokers, waitMs });
  assert.equal(await words(1), `not there yet (it will be at http://127.0.0.1:${nobody})`);
  assert.equal(await words(0), 'none (run "deno task control-center")');
});
