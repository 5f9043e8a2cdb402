import type { Api } from "./api.ts";

const TOPIC_RESOURCE = 2;

/** Asks for the settings of one topic, as the broker that is asked knows them. @see The protocol guide, DescribeConfigs */
export const DESCRIBE_TOPIC_CONFIG: Api<
  { readonly topic: string },
  { readonly errorCode: number; readonly settings: ReadonlyMap<string, string | null> }
> = {
  key: 32,
  name: "DescribeConfigs",
  versions: [1, 2],
  encode(out, { topic }) {
    out.array([topic], (name) => {
      out.int8(TOPIC_RESOURCE);
      out.string(name);
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
      input.int8(); // a topic
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
