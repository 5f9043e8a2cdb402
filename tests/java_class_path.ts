/**
 * What the Java programs of `tests/java` run with.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { MAVEN } from "./needs.ts";

/** Their folder, with a slash behind. */
export const JAVA_PROGRAMS = fileURLToPath(new URL("./java/", import.meta.url));

/** Paths of the packages they need, which Maven fetches once. @throws {Error} If it is missing or cannot */
export async function classPath(): Promise<string> {
  const file = await Deno.makeTempFile({ prefix: "taxi-class-path-" });
  try {
    const { success, stdout } = await new Deno.Command("mvn", {
      args: [
        ...["-q", "-B", "-f", `${JAVA_PROGRAMS}pom.xml`, "dependency:build-classpath"],
        `-Dmdep.outputFile=${file}`,
      ],
      stdin: "null",
    }).output();
    if (success) return await Deno.readTextFile(file);
    throw new Error(`Cannot fetch Kafka Streams for Java: ${new TextDecoder().decode(stdout)}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`Cannot run Kafka Streams for Java: there is no mvn (${MAVEN.get})`);
  } finally {
    await Deno.remove(file);
  }
}
