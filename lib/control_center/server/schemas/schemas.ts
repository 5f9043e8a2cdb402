import { sleep } from "../../../async/mod.ts";
import { mismatches, reasonText, type Schema, type SchemaRegistry } from "../../../avro/mod.ts";
import type {
  Break,
  SubjectLine,
  SubjectList,
  SubjectPage,
  SubjectVersion,
} from "../../contract.ts";
import { readableSchema } from "../records/schema_readers.ts";

const SUBJECTS = 500;
/** Anybody may register another one, of 256 kB each. */
const VERSIONS = 50;

/** A registry answers about one subject at a time: with hundreds of them, a list would take seconds. */
const PATIENCE_MS = 100;
const AT_ONCE = 10;

/** The subjects of a registry, each as it was when it was read last. */
export class Subjects {
  readonly #registry: SchemaRegistry;
  #lines = new Map<string, SubjectLine>();
  #reading: Promise<void> | undefined;

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /**
   * Subjects with their newest version and mode; one that cannot be understood takes no other with it.
   *
   * @param patience Once it resolves, those that were never read stand there as `pending`; reading goes on.
   */
  async list(patience: Promise<void> = sleep(PATIENCE_MS)): Promise<SubjectList> {
    const registry = this.#registry;
    const names = (await registry.subjects()).slice(0, SUBJECTS);
    const mode = await registry.compatibility();
    this.#reading ??= this.#read(names, mode).finally(() => this.#reading = undefined);
    await Promise.race([this.#reading, patience]);
    const subjects = names.map((subject): SubjectLine =>
      this.#lines.get(subject) ?? { subject, ...UNKNOWN, mode, pending: true }
    );
    return { subjects, mode };
  }

  async #read(names: readonly string[], mode: string): Promise<void> {
    this.#lines = new Map(names.flatMap((name) => {
      const line = this.#lines.get(name);
      return line ? [[name, line]] : [];
    }));
    const left = names.values();
    const reader = async () => {
      for (const name of left) {
        this.#lines.set(name, await subjectLine(this.#registry, name, mode));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
  }
}

const UNKNOWN = { versions: 0, version: 0, id: 0, kind: "", name: "" };

async function subjectLine(
  registry: SchemaRegistry,
  subject: string,
  mode: string,
): Promise<SubjectLine> {
  try {
    const versions = await registry.versions(subject);
    const { version, id, kind, text } = await registry.schemaText(subject, "latest");
    return {
      ...{ subject, versions: versions.length, version, id, kind, name: nameOf(text) },
      mode: await registry.compatibility(subject),
    };
  } catch (error) {
    return { subject, ...UNKNOWN, mode, problem: wordsOf(error) };
  }
}

/** The name of an Avro type with its namespace, the title of a JSON Schema; empty for anything else. */
function nameOf(text: string): string {
  try {
    const { name, namespace, title } = JSON.parse(text);
    if (typeof name !== "string") return typeof title === "string" ? title : "";
    return typeof namespace === "string" && !name.includes(".") ? `${namespace}.${name}` : name;
  } catch {
    return "";
  }
}

/** The newest versions of a subject, each with its text and what it breaks. */
export async function subjectPage(
  registry: SchemaRegistry,
  subject: string,
): Promise<SubjectPage> {
  const all = await registry.versions(subject);
  // The first of them is only there for what the next one breaks.
  const numbers = all.slice(-VERSIONS - 1), older = Math.max(0, all.length - VERSIONS);
  const found = await Promise.all(numbers.map((one) => versionOf(registry, subject, one)));
  const versions = found.map((one, index): SubjectVersion => {
    const before = found[index - 1], { schema: _, ...version } = one;
    return { ...version, breaks: before === undefined ? [] : breaks(one, before) };
  });
  return {
    ...{ subject, mode: await registry.compatibility(subject) },
    ...{ versions: versions.slice(-VERSIONS), older },
  };
}

interface FoundVersion extends Omit<SubjectVersion, "breaks"> {
  /** Of Avro that can be understood. */
  readonly schema?: Schema;
}

async function versionOf(
  registry: SchemaRegistry,
  subject: string,
  number: number,
): Promise<FoundVersion> {
  const { version, id, kind, text } = await registry.schemaText(subject, number);
  const shown = { version, id, kind, text: await readableSchema(kind, text) };
  if (kind !== "AVRO") return shown;
  try {
    return { ...shown, schema: (await registry.schemaVersion(subject, number)).schema };
  } catch (error) {
    return { ...shown, problem: wordsOf(error) };
  }
}

function breaks(after: FoundVersion, before: FoundVersion): readonly Break[] | null {
  if (!after.schema || !before.schema) return null;
  const whom = (reader: FoundVersion, writer: FoundVersion) =>
    `readers with version ${reader.version} cannot read records of version ${writer.version}`;
  return [[after, before] as const, [before, after] as const].flatMap(([reader, writer]) =>
    mismatches(reader.schema!, writer.schema!).map(({ field, message }) => ({
      whom: whom(reader, writer),
      field,
      why: message,
    }))
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a check of a pasted schema found, in sentences. */
export function verdictInWords(
  { compatible, mode, reasons }: Awaited<ReturnType<SchemaRegistry["check"]>>,
) {
  return { compatible, mode, reasons: reasons.map((one) => reasonText(one)) };
}
