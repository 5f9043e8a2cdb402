import type { Buffer } from "node:buffer";
import { RequestWriter } from "../request_writer.ts";
import { ResponseReader } from "../response_reader.ts";

/** A request that is encoded here, in all versions that are spoken here. */
export interface Api<Request, Response> {
  /** Kafka's number for it. */
  readonly key: number;
  /** Kafka's name for it. */
  readonly name: string;
  /** The versions that are spoken here, both ends included. */
  readonly versions: readonly [min: number, max: number];
  /** The first version with compact strings and tagged fields (KIP-482). @default none that is spoken here */
  readonly flexibleFrom?: number;
  /** Brokers hold the response back until there is something to say: it gets a connection of its own. */
  readonly heldBack?: true;
  /** Writes the body; the header is the transport's. */
  encode?(out: RequestWriter, request: Request, version: number): void;
  /** In place of `encode`, for a body too large to be copied: writes it behind so many bytes of room for the header. */
  frame?(request: Request, roomBytes: number): Buffer;
  /** What counts as the response to a request that a broker does not answer; undefined for all others. */
  unanswered?(request: Request): Response | undefined;
  /** Reads the body. Error codes are part of what it returns: nothing is thrown for them. */
  decode(input: ResponseReader, version: number): Response;
}

/** The body of a request, behind the tagged fields that end a flexible version's header. */
export function encodeBody<Request>(
  api: Api<Request, unknown>,
  request: Request,
  version: number,
): Uint8Array {
  const out = new RequestWriter(isFlexible(api, version));
  out.tags();
  api.encode?.(out, request, version);
  return out.bytes;
}

/**
 * Reads the body of a response, behind the tagged fields that end a flexible version's header.
 *
 * @throws {SyntaxError} If it ends too early.
 */
export function decodeBody<Response>(
  api: Api<never, Response>,
  bytes: Uint8Array,
  version: number,
): Response {
  const input = new ResponseReader(bytes, isFlexible(api, version));
  try {
    input.tags();
    return api.decode(input, version);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const what = `${api.name} (version ${version}, ${bytes.length} bytes)`;
    throw new SyntaxError(`Cannot read the response to ${what}: ${cause.message}`, { cause });
  }
}

function isFlexible(
  { flexibleFrom = Infinity }: Pick<Api<never, unknown>, "flexibleFrom">,
  version: number,
) {
  return version >= flexibleFrom;
}
