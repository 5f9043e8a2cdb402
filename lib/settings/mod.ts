/**
 * Where things are: brokers, registry, ports and folders, read from the environment.
 *
 * Every door, every notebook and every helper asks here, so one variable means the same everywhere.
 * This room knows nobody and opens nothing: it turns environment variables into plain data, and refuses what it does
 * not understand.
 *
 * @module
 */

export { type Folders, folders, isInOneDrive } from "./folders.ts";
export { foreignKafka, learnerOf, ownName } from "./learner.ts";
export { isLoopback } from "./loopback.ts";
export { type Ports, ports } from "./ports.ts";
export { type PublicUrls, publicUrls } from "./public_urls.ts";
export { revealed, Secret } from "./secret.ts";
export {
  type KafkaSettings,
  kafkaSettings,
  type PasswordLogin,
  type RegistrySettings,
  registrySettings,
  type SaslSettings,
  type TlsFiles,
  type TokenLogin,
} from "./services.ts";
export { type Environment, yesOrNo } from "./values.ts";
