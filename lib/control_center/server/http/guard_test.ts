import assert from "node:assert/strict";
import { refusal } from "./guard.ts";

const OWN = { host: "localhost:9021" };
const JSON_POST = { ...OWN, "content-type": "application/json", "x-taxi-token": "t" };

function ask(headers: Record<string, string>, method = "GET") {
  const request = new Request("http://localhost:9021/api/x", { method, headers });
  return refusal(request, { port: 9021, token: "t" })?.status;
}

Deno.test("refusal() lets the machine's own names in, with the own port only", () => {
  for (const host of ["localhost:9021", "127.0.0.1:9021", "[::1]:9021", "LOCALHOST:9021"]) {
    assert.equal(ask({ host }), undefined, host);
  }
  for (
    const host of ["", "localhost", "localhost:8081", "evil.example:9021", "localhost.evil:9021"]
  ) {
    assert.equal(ask({ host }), 403, host);
  }
});

Deno.test("refusal() turns away every origin but its own", () => {
  assert.equal(ask({ ...OWN, origin: "http://localhost:9021" }), undefined);
  for (
    const origin of [
      "null",
      "http://evil.example",
      "http://localhost:8888",
      "https://localhost:9021",
    ]
  ) {
    assert.equal(ask({ ...OWN, origin }), 403, origin);
  }
});

Deno.test("refusal() turns away what another site loads, but not a link that is followed", () => {
  assert.equal(ask({ ...OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }), 403);
  assert.equal(ask({ ...OWN, "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }), 403);
  assert.equal(
    ask({ ...OWN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }),
    undefined,
  );
});

Deno.test("refusal() takes changes only as JSON posts with the token", () => {
  assert.equal(ask(JSON_POST, "POST"), undefined);
  assert.equal(ask({ ...JSON_POST, "x-taxi-token": "" }, "POST"), 403);
  assert.equal(
    ask({ ...JSON_POST, "content-type": "application/x-www-form-urlencoded" }, "POST"),
    415,
  );
  assert.equal(ask(JSON_POST, "DELETE"), 405);
});

Deno.test("refusal() lets in the one name and origin that a setting gives, beside its own", () => {
  const publicUrl = new URL("https://Hub.example/user/ana/proxy/9021/");
  const asked = (headers: Record<string, string>) =>
    refusal(new Request("http://localhost:9021/api/x", { headers }), {
      port: 9021,
      token: "t",
      publicUrl,
    })?.status;
  const hub = { host: "hub.example", origin: "https://hub.example" };
  assert.equal(asked(hub), undefined);
  assert.equal(asked({ ...hub, host: OWN.host }), undefined, "some proxies write their own host");
  assert.equal(asked(OWN), undefined);
  for (const host of ["evil.example", "hub.example:444", "hub.example.evil", "other.hub.example"]) {
    assert.equal(asked({ host }), 403, host);
  }
  for (const origin of ["https://evil.example", "http://hub.example", "null"]) {
    assert.equal(asked({ ...hub, origin }), 403, origin);
  }
});
