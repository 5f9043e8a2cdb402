import assert from "node:assert/strict";
import { tlcTime, tlcTimeMs } from "./mod.ts";

const HALF_PAST = Date.UTC(2021, 0, 1, 0, 30, 10);

Deno.test("tlcTimeMs() reads the forms in which official rides are published", () => {
  const texts = [
    "2021-01-01 00:30:10",
    "2021-01-01T00:30:10",
    "2021-01-01T00:30:10.000",
    "2021-01-01 00:30:10.000000",
    "2021-01-01T00:30:10Z",
    "01/01/2021 12:30:10 AM",
    "2021 Jan 01 12:30:10 AM",
  ];
  for (const text of texts) assert.equal(tlcTimeMs(text), HALF_PAST, text);
});

Deno.test("tlcTimeMs() keeps milliseconds and knows noon", () => {
  assert.equal(tlcTimeMs("2021-01-01 00:30:10.25"), HALF_PAST + 250);
  assert.equal(tlcTimeMs("01/01/2021 12:30:10 PM"), HALF_PAST + 12 * 3_600_000);
  assert.equal(tlcTimeMs("2021 Dec 31 11:59:59 PM"), Date.UTC(2021, 11, 31, 23, 59, 59));
});

Deno.test("tlcTimeMs() reads times without seconds, and years before 100 as what they are", () => {
  assert.equal(tlcTimeMs("2021-01-01 00:30"), HALF_PAST - 10_000);
  assert.equal(tlcTimeMs("2021-01-01T00:30Z"), HALF_PAST - 10_000);
  for (const text of ["0001-01-01 00:00:00", "0099-12-31 23:59:59", "0004-02-29 12:00:00"]) {
    assert.equal(tlcTime(tlcTimeMs(text)!), text);
  }
});

Deno.test("tlcTimeMs() refuses what is no time", () => {
  const texts = [
    "",
    "2021-01-01",
    "2021-02-29 00:00:00",
    "2021-13-01 00:00:00",
    "2021-00-01 00:00:00",
    "2021-01-00 00:00:00",
    "2021-01-01 24:00:00",
    "2021-01-01 00:60:00",
    "2021-01-01 00:00:60",
    "2021-01-01 00:30:10+01:00",
    "2021-01-01 0:30:10",
    "2021-01-01 00:30:",
    "0001-02-29 00:00:00",
    "01/01/2021 00:30:10 AM",
    "13/01/2021 01:30:10 AM",
    "2021 Foo 01 12:30:10 AM",
    "1609459200000",
  ];
  for (const text of texts) assert.equal(tlcTimeMs(text), undefined, text);
});

Deno.test("tlcTimeMs() reads back what tlcTime() writes, on leap days too", () => {
  for (const text of ["2020-02-29 23:59:59", "2009-01-01 00:00:00", "2098-09-11 02:23:31"]) {
    assert.equal(tlcTime(tlcTimeMs(text)!), text);
  }
});

Deno.test("tlcTimeMs() does not depend on the zone of the machine", async () => {
  const code = `import { tlcTimeMs } from "${new URL("./tlc_time.ts", import.meta.url)}";
    console.log(tlcTimeMs("2021-01-01 00:30:10"));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    env: { TZ: "America/New_York" },
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), `${HALF_PAST}`);
});
