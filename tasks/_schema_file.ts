import { parseSchema, type Schema } from "../lib/avro/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { callerPath } from "./_door.ts";

/**
 * Reads an Avro schema: the file named on the command line, or one of the project's own in `schemas/`.
 *
 * @throws {Error} If the file cannot be read, or holds no schema; names the file.
 */
export async function schemaFile(named: string | undefined, own: string): Promise<Schema> {
  const path = named === undefined ? `${folders().root}/schemas/${own}` : callerPath(named);
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "no such file"
      : (cause as Error).message;
    throw new Error(`Cannot read the schema file "${path}": ${reason}`, { cause });
  }
  try {
    return parseSchema(text);
  } catch (cause) {
    throw new Error(`Cannot use the schema file "${path}": ${(cause as Error).message}`, { cause });
  }
}
