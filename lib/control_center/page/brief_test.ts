import assert from "node:assert/strict";
import { brief } from "./brief.ts";

Deno.test("brief() leaves the names of a record's fields out", () => {
  assert.equal(brief('{"number":7}'), "7");
  assert.equal(
    brief('{"driver":"ann, \\"a\\"","at":{"x":1},"ok":true}'),
    'ann, "a", {"x":1}, true',
  );
});

Deno.test("brief() shows of a record that was cut only what is whole", () => {
  assert.equal(brief('{"vendorId":1,"passenger_count":1,"trip_distance":0.2'), "1, 1");
  assert.equal(brief('{"driver":"ann","note":"is on her w'), "ann");
});

Deno.test("brief() leaves what it cannot make shorter as it is", () => {
  for (
    const text of ["", "ann", "[1,2]", '"a, b"', "{not json", '{"note":"is on her w']
  ) {
    assert.equal(brief(text), text);
  }
  assert.equal(brief(null), "∅");
});
