/** Variables of the environment. */
import { folders, kafkaSettings, ports, registrySettings } from "../../../lib/settings/mod.ts";
import { partsOf, text, textOf } from "../parts.ts";
import type { Target } from "../target.ts";

const NAMES = [
  ...["KAFKA_BROKERS", "KAFKA_SSL", "KAFKA_SSL_CA", "KAFKA_USERNAME", "KAFKA_PASSWORD"],
  ...["KAFKA_SASL_MECHANISM", "KAFKA_OAUTHBEARER_TOKEN", "SCHEMA_REGISTRY_URL", "TAXI_STATE"],
  ...["SCHEMA_REGISTRY_USERNAME", "SCHEMA_REGISTRY_PASSWORD", "TAXI_KAFKA_PORT", "TAXI_CACHE"],
];

export const SETTINGS: readonly Target[] = [{
  name: "settings",
  seeds: [
    "KAFKA_BROKERS=a:1, b:2\nKAFKA_SSL=true",
    "KAFKA_USERNAME=ada\nKAFKA_PASSWORD=m4rker\nKAFKA_SASL_MECHANISM=scram-sha-512",
    "SCHEMA_REGISTRY_URL=http://ada:m4rker@r:8081/api/\nTAXI_KAFKA_PORT=19092\nTAXI_STATE=/s/",
  ].map(text),
  decode: (bytes) => {
    const env = new Map(
      textOf(bytes).split("\n").map((line) => {
        const [name, ...value] = line.split("=");
        return [name!, value.join("=")];
      }),
    );
    const all = [kafkaSettings(env), registrySettings(env), ports(env), folders(env)];
    return partsOf(JSON.parse(JSON.stringify(all)));
  },
  errors: /^(TypeError|RangeError): Cannot (use|log in to) /s,
  words: [
    ...NAMES.map((name) => `\n${name}=`),
    "true",
    "plain",
    "oauthbearer",
    "http://",
    "@",
    ":",
    ",",
    " ",
  ],
}];
