import assert from "node:assert/strict";
import { announcement, applicantsOf, information, informationOf } from "./group_protocol.ts";

const server = { url: "http://127.0.0.1:7000", host: "here" };
const applicant = (announced: string) =>
  applicantsOf([{ memberId: "a", announced, topics: [], owned: [] }])[0]!;

Deno.test("A worker's announcement and its leader's information arrive as they were written", () => {
  const given = { tasks: ["0_0"], standbys: ["0_1"], server };
  assert.deepEqual(applicant(announcement(given)), { member: "a", ...given });
  const told = {
    standbys: ["0_1"],
    servers: [{ server, tasks: ["0_0"] }, { server: null, tasks: [] }],
  };
  assert.deepEqual(informationOf(information(told)), told);
});

Deno.test("applicantsOf() takes what is no announcement for nothing: a foreign member may announce anything", () => {
  const none = { member: "a", tasks: [], standbys: [], server: null };
  for (
    const other of [
      "",
      "{}",
      "[]",
      "null",
      "7",
      "[",
      "by hand",
      '["0_0"]',
      '{"tasks":7,"server":"x"}',
    ]
  ) {
    assert.deepEqual(applicant(other), none, other);
  }
  assert.deepEqual(applicant('{"tasks":["0_0",7,null]}').tasks, ["0_0"]);
  const urls = ["file:///etc/passwd", "https://h", "http://a@b", "http://h/path", "http://h?q", 7];
  for (const url of urls) {
    assert.equal(applicant(JSON.stringify({ server: { url, host: "" } })).server, null, `${url}`);
  }
});

Deno.test("informationOf() takes what is no information for nothing", () => {
  for (const other of ["", "null", "[", '{"standbys":7,"servers":{}}']) {
    assert.deepEqual(informationOf(other), { standbys: [], servers: [] }, other);
  }
});
