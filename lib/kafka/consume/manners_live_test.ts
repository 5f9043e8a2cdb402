import assert from "node:assert/strict";
import { consumer } from "./consumer.ts";
import { roundRobinAssignor } from "../group/assignor.ts";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";

const mod = new URL("../mod.ts", import.meta.url).href;

Deno.test("a program's own SIGINT handler runs, and its consumers are still there to be closed", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("signal", 1), group = name("signal");
    const program = `
        import { connect, consumer } from "${mod}";
        const kafka = await connect();
        Deno.addSignalListener("SIGINT", async () => {
          const { members } = await kafka.groups.describe("${group}");
          await kafka.close();
          console.log(members.map(({ member }) => member).join());
          Deno.exit(7);
        });
        const join = () => consumer(kafka, { group: "${group}", topics: "${of}", name: "same" });
        const first = await join(), second = await join();
        await kafka.groups.settled("${group}", { members: 2 });
        console.log("ready");
        await Promise.all([first, second].map((one) => one.take(1000, { timeoutMs: 60_000 })));`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", program],
      stdout: "piped",
      stdin: "null",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await lines.read()).value, "ready\n");
    child.kill("SIGINT");
    assert.equal((await lines.read()).value, "same,same\n");
    assert.equal((await child.status).code, 7);
    await lines.cancel();
    assert.deepEqual((await kafka.groups.describe(group)).members, []);
  }));

Deno.test("consumer() says that its group could not be shared out", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const broken = {
      ...roundRobinAssignor,
      assign() {
        throw new TypeError("no idea whose turn it is");
      },
    };
    const options = {
      group: name("broken"),
      topics: await topic("broken"),
      assignors: [broken],
    };
    await assert.rejects(consumer(kafka, options), {
      name: "KafkaError",
      message: /^Cannot join group "broken\..*": no idea whose turn it is/,
    });
  }));
