import assert from "node:assert/strict";
import { here, platform } from "../platform/mod.ts";
import { javaEnvironment, kafkaArgs } from "./java_args.ts";

Deno.test("EndsWithInput.class is what its source compiles to, where there is a javac", async () => {
  const folder = await Deno.makeTempDir();
  const source = new URL("./java/EndsWithInput.java", import.meta.url);
  await Deno.copyFile(source, `${folder}/EndsWithInput.java`);
  const flags = ["--release", "17", "-g:none"];
  const built = await here.run("javac", [...flags, `${folder}/EndsWithInput.java`]);
  if (built === undefined) console.log("no javac here, so the class cannot be built again");
  else {
    assert.deepEqual(
      await Deno.readFile(`${folder}/EndsWithInput.class`),
      await Deno.readFile(new URL("./java/EndsWithInput.class", import.meta.url)),
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("kafkaArgs() names jars from where Java starts, so that a user's name is on no command line", () => {
  const args = kafkaArgs({
    cwd: "C:\\Users\\王\\kurs\\.taxi\\brokers-1",
    jars: ["C:/Users/王/AppData/Local/taxi-streams/jars/kafka.jar"],
    platform: platform("windows"),
    main: "kafka.Kafka",
    args: ["broker-1.properties"],
  });
  const [, jar] = args[args.indexOf("-cp") + 1]!.split(";");
  assert.equal(jar, "..\\..\\..\\AppData\\Local\\taxi-streams\\jars\\kafka.jar");
  assert.deepEqual(args.slice(-3), ["EndsWithInput", "kafka.Kafka", "broker-1.properties"]);
});

Deno.test("javaEnvironment() gives Java a UTF-8 locale and none of the learner's options", () => {
  const javaOf = (os: "linux" | "windows", variables: Record<string, string>) =>
    javaEnvironment(platform(os, { env: { get: () => undefined, toObject: () => variables } }));
  const plain = { LC_CTYPE: "C.UTF-8", LC_MESSAGES: "C" };
  assert.deepEqual(javaOf("linux", { _JAVA_OPTIONS: "-Xmx9g", KAFKA_OPTS: "x" }), plain);
  assert.deepEqual(javaOf("linux", { LC_ALL: "C", LANG: "de_DE.UTF-8" }), plain);
  assert.equal(javaOf("linux", { LANG: "de_DE.UTF-8" }).LC_CTYPE, "de_DE.UTF-8");
  assert.deepEqual(javaOf("windows", { Path: "p", CLASSPATH: "x" }), { Path: "p" });
});
