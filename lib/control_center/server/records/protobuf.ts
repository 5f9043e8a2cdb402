/**
 * Reads records that were written with a Protobuf schema of the registry.
 *
 * The language, its binary form and its JSON are protobufjs's work; here stands what a registry adds: which message of
 * the schema a record holds, and the two ways in which schemas are registered.
 *
 * @module
 */
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import protojson from "protobufjs/ext/protojson.js";

/** A Protobuf schema as a registry keeps it. */
export interface ProtobufText {
  /** `.proto` text, as Java's client registers it, or a FileDescriptorProto in Base64, as Python's does. */
  readonly text: string;
  /** Those it imports, by the name of the import; Google's own (`google/protobuf/…`) are known. @default none */
  readonly imports?: ReadonlyMap<string, string>;
}

/** A Protobuf schema that can be read with. */
export interface ProtobufReader {
  /**
   * Reads what follows a record's schema id: the path to its message, then the message.
   *
   * @returns The message's full name, and its value as ProtoJSON.
   * @throws {Error} If the bytes are none of it.
   */
  read(bytes: Uint8Array): { readonly name: string; readonly value: unknown };
}

interface Messages {
  readonly root: protobuf.Root;
  /** Full name of the message at a path of indexes. */
  readonly nameAt: (path: readonly number[]) => string;
}

/**
 * Prepares a schema for reading.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { protobufReader } from "./protobuf.ts";
 * const reader = protobufReader({ text: 'syntax = "proto3"; message Ride { int32 vendor_id = 1; }' });
 * // A single 0 stands for the path to the first message.
 * assert.deepEqual(reader.read(Uint8Array.of(0, 8, 2)), { name: "Ride", value: { vendorId: 2 } });
 * ```
 * @throws {Error} If it is no Protobuf, or imports what is not there.
 */
export function protobufReader({ text, imports = new Map() }: ProtobufText): ProtobufReader {
  const { root, nameAt } = isDescriptor(text)
    ? fromDescriptor(text, imports)
    : fromText(text, imports);
  root.resolveAll();
  return {
    read(bytes) {
      const reader = protobuf.Reader.create(bytes);
      const type = root.lookupType(nameAt(readPath(reader)));
      const value = protojson.toJson(type, type.decode(reader));
      return { name: type.fullName.slice(1), value };
    },
  };
}

/** Zigzag numbers, their count first; a count of 0 stands for the path [0]. */
function readPath(reader: protobuf.Reader): number[] {
  const count = reader.sint32();
  // Messages nest no deeper than this in any schema; the number is a stranger's.
  if (count < 0 || count > 64) throw new RangeError("its path to a message is damaged");
  return count === 0 ? [0] : Array.from({ length: count }, () => reader.sint32());
}

/** Whether a schema was registered as a descriptor, as Python's client does it. */
export function isDescriptor(text: string): boolean {
  return /^[A-Za-z\d+/\s]+={0,2}\s*$/.test(text);
}

/** A descriptor in Base64 as JSON. @throws {Error} If it is none */
export function descriptorJson(text: string): string {
  return JSON.stringify(decodeFile(text));
}

function fromText(text: string, imports: ReadonlyMap<string, string>): Messages {
  const root = new protobuf.Root();
  const main = protobuf.parse(text, root);
  const scope = main.package ? root.lookup(main.package) : root;
  if (!(scope instanceof protobuf.Namespace)) throw new TypeError("it has no message");
  // What is imported may be of the same package: the schema's own messages come first.
  const own = scope.nestedArray.filter((one) => one instanceof protobuf.Type);
  const known = new Set<string>();
  const add = (names: readonly string[]) => {
    for (const name of names) {
      if (known.has(name)) continue;
      known.add(name);
      const imported = imports.get(name), common = protobuf.common.get(name);
      if (imported !== undefined) add(protobuf.parse(imported, root).imports ?? []);
      else if (common) root.addJSON(common.nested ?? {});
    }
  };
  add(main.imports ?? []);
  return { root, nameAt: (path) => nameIn(own, path) };
}

function nameIn(types: readonly protobuf.Type[], [first, ...rest]: readonly number[]): string {
  const type = types[first!];
  if (!type) throw new RangeError("its schema has no message at that place");
  const nested = type.nestedArray.filter((one) => one instanceof protobuf.Type);
  return rest.length === 0 ? type.fullName : nameIn(nested, rest);
}

function fromDescriptor(text: string, imports: ReadonlyMap<string, string>): Messages {
  const main = decodeFile(text);
  const files = new Map<string, descriptor.IFileDescriptorProto>();
  const add = (names: readonly string[]) => {
    for (const name of names) {
      if (files.has(name)) continue;
      const imported = imports.get(name), common = protobuf.common.get(name);
      if (imported !== undefined) {
        const file = decodeFile(imported);
        files.set(name, file);
        add(file.dependency ?? []);
      } else if (common) {
        const root = new protobuf.Root();
        root.addJSON(common.nested ?? {}).resolveAll();
        for (const file of root.toDescriptor("proto3").file ?? []) files.set(name, file);
      }
    }
  };
  add(main.dependency ?? []);
  const root = protobuf.Root.fromDescriptor({ file: [...files.values(), main] });
  const prefix = main.package ? `.${main.package}` : "";
  return {
    root,
    // As Python counts: the entries of maps are messages, too.
    nameAt: (path) => nameOf(main.messageType ?? [], path, prefix),
  };
}

function decodeFile(text: string): descriptor.IFileDescriptorProto {
  const bytes = Uint8Array.fromBase64(text);
  return descriptor.FileDescriptorProto.decode(bytes) as descriptor.IFileDescriptorProto;
}

function nameOf(
  messages: readonly descriptor.IDescriptorProto[],
  [first, ...rest]: readonly number[],
  prefix: string,
): string {
  const message = messages[first!];
  if (!message) throw new RangeError("its schema has no message at that place");
  const name = `${prefix}.${message.name}`;
  return rest.length === 0 ? name : nameOf(message.nestedType ?? [], rest, name);
}
