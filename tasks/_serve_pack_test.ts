import assert from "node:assert/strict";
import { servePack } from "./_serve_pack.ts";

Deno.test("servePack() hands out one file, to be read and nothing else, at the address it is told", async () => {
  const folder = await Deno.makeTempDir(), file = `${folder}/taxi kurs.tar`;
  await Deno.writeTextFile(file, "pack");
  await Deno.writeTextFile(`${folder}/secret`, "s3cret");
  const server = servePack({ file, hostname: "127.0.0.1", port: 0 });
  const [address] = server.addresses, { port } = new URL(address!);
  assert.equal(address, `http://127.0.0.1:${port}/taxi%20kurs.tar`);
  const asked = await fetch(address!);
  assert.deepEqual([await asked.text(), asked.headers.get("content-length")], ["pack", "4"]);
  const head = await fetch(address!, { method: "HEAD" });
  assert.deepEqual([await head.text(), head.headers.get("content-length")], ["", "4"]);
  for (const method of ["PUT", "POST", "DELETE"]) {
    const refused: Response = await fetch(address!, { method });
    await refused.body?.cancel();
    assert.equal(refused.status, 405, method);
  }
  for (const path of ["/", "/secret", "/..%2fsecret", "/%2e%2e/secret", "/taxi%20kurs.tar/x"]) {
    const missing = await fetch(`http://127.0.0.1:${port}${path}`);
    assert.deepEqual([missing.status, (await missing.text()).includes("s3cret")], [404, false]);
  }
  assert.equal(await Deno.readTextFile(file), "pack");
  await server.close();
  await Deno.remove(folder, { recursive: true });
});
