/**
 * Requests about the settings of a topic or a group, with the broker's own sentence where one is refused.
 *
 * @see The protocol guide, DescribeConfigs, IncrementalAlterConfigs, AlterConfigs
 *
 * @module
 */
import type { RequestWriter } from "../request_writer.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";
import type { TopicResult } from "./topic_requests.ts";

/** What has settings. */
export interface ConfigResource {
  readonly type: keyof typeof RESOURCE;
  readonly name: string;
}

/** Settings of a topic or a group, by their Kafka names. */
export interface ConfigChange {
  readonly resource: ConfigResource;
  readonly config: Readonly<Record<string, string>>;
}

const RESOURCE = { topic: 2, group: 32 } as const, SET = 0;

/** Asks for the settings as the broker that is asked knows them. */
export const DESCRIBE_CONFIG: Api<
  { readonly resource: ConfigResource },
  { readonly errorCode: number; readonly settings: ReadonlyMap<string, string | null> }
> = {
  key: 32,
  name: "DescribeConfigs",
  versions: [1, 2],
  encode(out, { resource }) {
    out.array([resource], (one) => {
      writeResource(out, one);
      out.array(null, () => {}); // all settings
    });
    out.bool(false); // no synonyms
  },
  decode(input) {
    input.int32(); // throttle time
    const settings = new Map<string, string | null>();
    const [errorCode = 0] = input.array(() => {
      const errorCode = input.int16();
      input.string(); // the error in words
      input.int8(); // what has the settings
      input.string(); // its name
      input.array(() => {
        settings.set(input.text(), input.string());
        input.bool(); // read only
        input.int8(); // where it comes from
        input.bool(); // secret
        input.array(() => {
          input.string(); // a synonym
          input.string();
          input.int8();
        });
      });
      return errorCode;
    });
    return { errorCode, settings };
  },
};

/** Changes the settings that it names, and keeps the others: Kafka 2.3 or newer. @see KIP-339 */
export const ALTER_SOME_CONFIG: Api<ConfigChange, TopicResult> = {
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: [0, 0],
  encode: (out, change) => alter(out, change, () => out.int8(SET)),
  decode: altered,
};

/** Replaces all settings. */
export const ALTER_ALL_CONFIG: Api<ConfigChange, TopicResult> = {
  key: 33,
  name: "AlterConfigs",
  versions: [0, 1],
  encode: (out, change) => alter(out, change, () => {}),
  decode: altered,
};

function writeResource(out: RequestWriter, { type, name }: ConfigResource): void {
  out.int8(RESOURCE[type]);
  out.string(name);
}

function alter(
  out: RequestWriter,
  { resource, config }: ConfigChange,
  operation: () => void,
): void {
  out.array([resource], (one) => {
    writeResource(out, one);
    writeSettings(out, config, operation);
  });
  out.bool(false); // not only a check
}

/** Settings with their values, and in between whatever `operation` writes. */
export function writeSettings(
  out: RequestWriter,
  config: Readonly<Record<string, string>>,
  operation: () => void = () => {},
): void {
  out.array(Object.entries(config), ([name, value]) => {
    out.string(name);
    operation();
    out.string(value);
  });
}

function altered(input: ResponseReader): TopicResult {
  input.int32(); // throttle time
  const [result] = input.array(() => {
    const one = { errorCode: input.int16(), said: input.string() };
    input.int8(); // what has the settings
    input.string(); // its name
    return one;
  });
  return result!;
}
