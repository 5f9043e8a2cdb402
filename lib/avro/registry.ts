import {
  checkCompatibility,
  type CompatibilityMode,
  type Incompatibility,
} from "./compatibility.ts";
import { RegistryError } from "./errors.ts";
import { registryFetch, type RegistryOptions, type RegistryRequest } from "./http.ts";
import { refusal } from "./refusal.ts";
import type { Json, Schema } from "./schema.ts";
import { parseWriterSchema } from "./writer_schema.ts";
import { shared } from "./shared.ts";

/** One version of a subject. */
export interface SchemaVersion {
  /** Whose version it is. */
  readonly subject: string;
  /** From 1. */
  readonly version: number;
  /** Unique in the registry: what travels in the header of a record. */
  readonly id: number;
  /** The schema itself. */
  readonly schema: Schema;
}

/** One version of a subject as the registry holds it, of whatever kind. */
export interface SchemaText {
  /** From 1. */
  readonly version: number;
  /** Unique in the registry. */
  readonly id: number;
  /** `AVRO`, `JSON` or `PROTOBUF`. */
  readonly kind: string;
  /** The schema in its own language; Protobuf also as a FileDescriptorProto in Base64. */
  readonly text: string;
}

/** The schema of an id as the registry holds it, of whatever kind. */
export interface SchemaSource extends Omit<SchemaText, "version"> {
  /** Texts of those that it refers to, and of those that these refer to, by the names they are referred to by. */
  readonly references: ReadonlyMap<string, string>;
}

/** What a compatibility check found. */
export interface CompatibilityVerdict {
  /** The registry's own verdict. */
  readonly compatible: boolean;
  /** The mode in force for the subject. */
  readonly mode: CompatibilityMode;
  /** Fields and rules, from the check made here; registries often give none. */
  readonly reasons: readonly Incompatibility[];
}

/** A client of a schema registry with the Confluent API: Confluent's own, Apicurio's `/apis/ccompat/v7`, Karapace. */
export interface SchemaRegistry {
  /** Base URL it talks to. */
  readonly url: string;
  /**
   * Makes a schema the next version of a subject; an equal one that is there already only gives its id.
   *
   * @returns The schema's id.
   * @throws {IncompatibleSchemaError} If the subject's mode forbids it; names field and rule.
   */
  register(subject: string, schema: Schema): Promise<number>;
  /** The id of a schema that is registered under a subject. @throws {RegistryError} If it is not. */
  idOf(subject: string, schema: Schema): Promise<number>;
  /** The schema of an id, asked once and then remembered. @throws {RegistryError} If there is no such id. */
  schemaById(id: number): Promise<Schema>;
  /** The schema of an id if it is remembered already, without a promise. */
  knownSchema(id: number): Schema | undefined;
  /** One version of a subject. @throws {RegistryError} If there is none. */
  schemaVersion(subject: string, version: number | "latest"): Promise<SchemaVersion>;
  /** One version of a subject without a look into it: JSON Schema and Protobuf, too. @throws {RegistryError} If there is none */
  schemaText(subject: string, version: number | "latest"): Promise<SchemaText>;
  /** The schema of an id without a look into it, with what it refers to. @throws {RegistryError} If there is none */
  schemaSource(id: number): Promise<SchemaSource>;
  /** Names of all subjects, sorted. */
  subjects(): Promise<string[]>;
  /** Version numbers of a subject, ascending. @throws {RegistryError} If the subject is unknown. */
  versions(subject: string): Promise<number[]>;
  /** Asks whether a schema could be registered, and says why not. */
  check(subject: string, schema: Schema): Promise<CompatibilityVerdict>;
  /** The mode in force for a subject, or the global one. */
  compatibility(subject?: string): Promise<CompatibilityMode>;
  /** Sets the mode of a subject, or the global one. */
  setCompatibility(mode: CompatibilityMode, subject?: string): Promise<void>;
  /**
   * Deletes a subject; its schemas stay readable by id. `permanent` deletes for good, ids too where the registry does.
   *
   * @returns The deleted versions.
   */
  deleteSubject(subject: string, options?: { readonly permanent?: boolean }): Promise<number[]>;
  /** Deletes one version of a subject. */
  deleteVersion(
    subject: string,
    version: number,
    options?: { readonly permanent?: boolean },
  ): Promise<void>;
}

const subjectPath = (subject: string) => `/subjects/${segment(subject)}`;
const configPath = (subject?: string) =>
  subject === undefined ? "/config" : `/config/${segment(subject)}`;

/** In a path, a subject is one segment, whatever it is called; two names are none in any writing. */
function segment(subject: string): string {
  if (subject === "." || subject === "..") {
    throw new TypeError(
      `Cannot use "${subject}" as a subject: in an address it means another place`,
    );
  }
  return encodeURIComponent(subject);
}

/**
 * Connects to a schema registry. Sends nothing until asked.
 *
 * Passing faults are tried again for `retryForMs`, so each call ends within 9 s with the defaults. Schemas and ids
 * are remembered for the client's life: what is known goes on working while the registry is away.
 *
 * @example
 * ```ts ignore
 * const registry = schemaRegistry(registrySettings());
 * const id = await registry.register("rides-value", parseSchema(text));
 * ```
 */
export function schemaRegistry(options: RegistryOptions): SchemaRegistry {
  const ask = registryFetch(options);
  const schemas = shared<number, Schema>();
  const ids = shared<string, number>();
  const registry: SchemaRegistry = {
    url: options.url,
    register: (subject, schema) =>
      ids.get(`${subject}\n${schema.text}`, () => register(registry, ask, { subject, schema })),
    idOf: async (subject, schema) =>
      (await ask({
        method: "POST",
        path: subjectPath(subject),
        body: { schema: schema.text },
        action: `find the schema under subject "${subject}"`,
      }) as { id: number }).id,
    schemaById: (id) => schemas.get(id, () => fetchSchema(ask, id)),
    knownSchema: (id) => schemas.known(id),
    schemaVersion: (subject, version) => fetchVersion(ask, subject, version),
    schemaText: async (subject, version) => {
      const answer = await askVersion(ask, subject, version);
      const { id, schema: text, schemaType: kind = "AVRO" } = answer;
      return { version: answer.version, id, kind, text };
    },
    schemaSource: async (id) => {
      const answer = await askId(ask, id);
      const { schema: text, schemaType: kind = "AVRO" } = answer;
      return { id, kind, text, references: await referencesOf(ask, answer) };
    },
    subjects: async () =>
      (await ask({ path: "/subjects", action: "list the subjects" }) as string[]).sort(),
    versions: async (subject) =>
      (await ask({
        path: `${subjectPath(subject)}/versions`,
        action: `list the versions of subject "${subject}"`,
      }) as number[]).sort((a, b) => a - b),
    check: (subject, schema) => check(registry, ask, { subject, schema }),
    compatibility: (subject) => fetchMode(ask, subject),
    setCompatibility: async (mode, subject) => {
      const whose = subject === undefined ? "globally" : `for subject "${subject}"`;
      await ask({
        method: "PUT",
        path: configPath(subject),
        body: { compatibility: mode },
        action: `set compatibility ${mode} ${whose}`,
      });
    },
    deleteSubject: async (subject, { permanent = false } = {}) => {
      ids.forget((key) => key.startsWith(`${subject}\n`));
      const remove = (query: string) =>
        ask({
          method: "DELETE",
          path: `${subjectPath(subject)}${query}`,
          action: `delete subject "${subject}"`,
        }) as Promise<number[]>;
      return await deleteTwice(remove, permanent);
    },
    deleteVersion: async (subject, version, { permanent = false } = {}) => {
      ids.forget((key) => key.startsWith(`${subject}\n`));
      const remove = (query: string) =>
        ask({
          method: "DELETE",
          path: `${subjectPath(subject)}/versions/${version}${query}`,
          action: `delete version ${version} of subject "${subject}"`,
        });
      await deleteTwice(remove, permanent);
    },
  };
  return registry;
}

type Ask = (request: RegistryRequest) => Promise<unknown>;

/** Registries want the soft deletion before the permanent one; a subject deleted softly before is fine. */
async function deleteTwice<T>(
  remove: (query: string) => Promise<T>,
  permanent: boolean,
): Promise<T> {
  if (!permanent) return await remove("");
  await remove("").catch((error) => {
    if (!(error instanceof RegistryError) || error.status !== 404) throw error;
  });
  return await remove("?permanent=true");
}

async function register(
  registry: SchemaRegistry,
  ask: Ask,
  { subject, schema }: { readonly subject: string; readonly schema: Schema },
): Promise<number> {
  try {
    const answer = await ask({
      method: "POST",
      path: `${subjectPath(subject)}/versions`,
      body: { schema: schema.text },
      action: `register the schema of subject "${subject}"`,
    });
    return (answer as { id: number }).id;
  } catch (error) {
    if (!(error instanceof RegistryError) || error.status !== 409) throw error;
    const verdict = await explain(registry, { subject, schema }).catch(() => undefined);
    throw refusal({ subject, error, ...verdict });
  }
}

async function check(
  registry: SchemaRegistry,
  ask: Ask,
  { subject, schema }: { readonly subject: string; readonly schema: Schema },
): Promise<CompatibilityVerdict> {
  const { mode, reasons, versions } = await explain(registry, { subject, schema });
  if (versions === 0) return { compatible: true, mode, reasons };
  const askAbout = (scope: "" | "/latest") =>
    ask({
      method: "POST",
      path: `/compatibility${subjectPath(subject)}/versions${scope}?verbose=true`,
      body: { schema: schema.text },
      action: `check the schema against subject "${subject}"`,
    });
  const answer = !mode.endsWith("_TRANSITIVE")
    ? await askAbout("/latest")
    : await askAbout("").catch((error) => {
      // Karapace has no such address. It looks at all versions in these modes, whichever one is named.
      const noSuchAddress = error instanceof RegistryError && error.status === 404 &&
        error.errorCode === undefined;
      if (!noSuchAddress) throw error;
      return askAbout("/latest");
    });
  return { compatible: (answer as { is_compatible: boolean }).is_compatible, mode, reasons };
}

/** Makes the check here, on the versions that the mode is about. */
async function explain(
  registry: SchemaRegistry,
  { subject, schema }: { readonly subject: string; readonly schema: Schema },
) {
  const mode = await registry.compatibility(subject);
  const versions = await registry.versions(subject).catch((error) => {
    if (error instanceof RegistryError && error.status === 404) return [];
    throw error;
  });
  const needed = mode.endsWith("_TRANSITIVE") ? versions : versions.slice(-1);
  const previous = await Promise.all(
    needed.map(async (one) => (await registry.schemaVersion(subject, one)).schema),
  );
  const reasons = checkCompatibility(schema, { mode, previous });
  return { mode, reasons, previous: needed, versions: versions.length };
}

async function fetchSchema(ask: Ask, id: number): Promise<Schema> {
  return await avroOf(ask, await askId(ask, id), `schema ${id}`);
}

function askId(ask: Ask, id: number): Promise<Answer> {
  return ask({ path: `/schemas/ids/${id}`, action: `read schema ${id}` }) as Promise<Answer>;
}

/** A schema as registries send it. */
interface Answer {
  readonly schema: string;
  /** Left out for Avro. */
  readonly schemaType?: string;
  /** Schemas that it refers to by name. */
  readonly references?: readonly Reference[];
}

interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

interface VersionAnswer extends Answer {
  readonly version: number;
  readonly id: number;
}

function askVersion(
  ask: Ask,
  subject: string,
  version: number | "latest",
): Promise<VersionAnswer> {
  const action = `read version ${version} of subject "${subject}"`;
  const path = `${subjectPath(subject)}/versions/${version}`;
  return ask({ path, action }) as Promise<VersionAnswer>;
}

async function fetchVersion(
  ask: Ask,
  subject: string,
  version: number | "latest",
): Promise<SchemaVersion> {
  const answer = await askVersion(ask, subject, version);
  const schema = await avroOf(ask, answer, `version ${version} of subject "${subject}"`);
  return { subject, version: answer.version, id: answer.id, schema };
}

/** Only Avro is understood here; a registry may hold JSON Schema and Protobuf too. */
async function avroOf(ask: Ask, answer: Answer, what: string): Promise<Schema> {
  const { schema, schemaType = "AVRO" } = answer;
  if (schemaType !== "AVRO") {
    throw new RegistryError(`Cannot read ${what}: it is ${schemaType}, not AVRO`, {
      retriable: false,
    });
  }
  const references = (await referencesOf(ask, answer)).values();
  return parseWriterSchema(schema, references.map((text) => JSON.parse(text) as Json).toArray());
}

/** Every schema that one refers to, and those that these refer to, once each. */
async function referencesOf(ask: Ask, answer: Answer): Promise<ReadonlyMap<string, string>> {
  const asked = new Set<string>(), found = new Map<string, string>();
  const open = [...answer.references ?? []];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const key = `${one.version} ${one.subject}`;
    if (asked.has(key)) continue;
    asked.add(key);
    const referred = await askVersion(ask, one.subject, one.version);
    found.set(one.name, referred.schema);
    open.push(...referred.references ?? []);
  }
  return found;
}

/** `defaultToGlobal`, because Apicurio says NONE for a subject without a mode of its own. */
async function fetchMode(ask: Ask, subject?: string): Promise<CompatibilityMode> {
  const path = configPath(subject) + (subject === undefined ? "" : "?defaultToGlobal=true");
  const action = "read the compatibility mode";
  const answer = await ask({ path, action }).catch((error) => {
    // Confluent's registry knows no mode of a subject that does not exist: the global one is in force.
    const unset = error instanceof RegistryError && error.status === 404 && subject !== undefined;
    if (!unset) throw error;
    return ask({ path: configPath(), action });
  });
  const { compatibilityLevel, compatibility } = answer as Record<string, CompatibilityMode>;
  return (compatibilityLevel ?? compatibility)!;
}
