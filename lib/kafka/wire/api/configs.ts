/**
 * Requests about the settings of a topic, a broker or a group, with the broker's own sentence where one is refused.
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

const RESOURCE = { topic: 2, broker: 4, group: 32 } as const, SET = 0;

/** A setting as a broker tells it. */
export interface DescribedSetting {
  readonly name: string;
  readonly value: string | null;
  /** Kafka's number for where it is set. */
  readonly source: number;
  readonly isSecret: boolean;
}

/** Asks for the settings as the broker that is asked knows them; those of a broker are its own to tell. */
export const DESCRIBE_CONFIG: Api<
  { readonly resource: ConfigResource },
  TopicResult & { readonly settings: readonly DescribedSetting[] }
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
    const [found] = input.array(() => {
      const errorCode = input.int16(), said = input.string();
      input.int8(); // what has the settings
      input.string(); // its name
      const settings = input.array((): DescribedSetting => {
        const name = input.text(), value = input.string();
        input.bool(); // read only
        const source = input.int8(), isSecret = input.bool();
        input.array(() => [input.string(), input.string(), input.int8()]); // synonyms
        return { name, value, source, isSecret };
      });
      return { errorCode, said, settings };
    });
    return found!;
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
