import { mismatches, reasonText, type SchemaRegistry } from "../../../avro/mod.ts";
import type { Break, SubjectList, SubjectPage } from "../../contract.ts";
import { layOut } from "../records/visible.ts";

const SUBJECTS = 500;

/** Subjects with their newest version and mode. */
export async function subjectList(registry: SchemaRegistry): Promise<SubjectList> {
  const names = (await registry.subjects()).slice(0, SUBJECTS);
  const subjects = await Promise.all(names.map(async (subject) => {
    const versions = await registry.versions(subject);
    const newest = await registry.schemaVersion(subject, "latest");
    return {
      subject,
      versions: versions.length,
      version: newest.version,
      id: newest.id,
      name: newest.schema.name ?? "",
      mode: await registry.compatibility(subject),
    };
  }));
  return { subjects, mode: await registry.compatibility() };
}

/** All versions of a subject, each with its text and what it breaks. */
export async function subjectPage(
  registry: SchemaRegistry,
  subject: string,
): Promise<SubjectPage> {
  const numbers = await registry.versions(subject);
  const found = await Promise.all(numbers.map((one) => registry.schemaVersion(subject, one)));
  const versions = found.map(({ version, id, schema }, index) => {
    const before = found[index - 1];
    const breaks: Break[] = before === undefined ? [] : [
      ...mismatches(schema, before.schema).map(({ field, message }) => ({
        whom: `readers with version ${version} cannot read records of version ${before.version}`,
        field,
        why: message,
      })),
      ...mismatches(before.schema, schema).map(({ field, message }) => ({
        whom: `readers with version ${before.version} cannot read records of version ${version}`,
        field,
        why: message,
      })),
    ];
    return { version, id, text: layOut(schema.text), breaks };
  });
  return { subject, mode: await registry.compatibility(subject), versions };
}

/** What a check of a pasted schema found, in sentences. */
export function verdictInWords(
  { compatible, mode, reasons }: Awaited<ReturnType<SchemaRegistry["check"]>>,
) {
  return { compatible, mode, reasons: reasons.map((one) => reasonText(one)) };
}
