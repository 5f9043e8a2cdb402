/** A small heap, the collector with the smallest footprint, and only the quick compiler: starts in half the time. */
const SMALL_JAVA = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"];

/** Java 24 and later warn about what Kafka's compression libraries and the registry do. */
const NO_WARNINGS = ["-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"];

const LOG = "-Dorg.slf4j.simpleLogger";

/** Arguments of a broker, or of Kafka's storage tool when `main` names it. */
export function kafkaArgs(
  options: { readonly classPath: string; readonly main: string; readonly args: readonly string[] },
): string[] {
  return [
    "-Xmx512m",
    ...SMALL_JAVA,
    ...NO_WARNINGS,
    // Without a binding Kafka says nothing, not even why it ends.
    `${LOG}.defaultLogLevel=warn`,
    `${LOG}.logFile=System.out`,
    `${LOG}.showDateTime=true`,
    `${LOG}.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS`,
    `${LOG}.showThreadName=false`,
    `${LOG}.showShortLogName=true`,
    "-cp",
    options.classPath,
    options.main,
    ...options.args,
  ];
}

/** Arguments of the registry: durable storage, loopback only, nothing but warnings in its log. */
export function registryArgs(
  options: {
    readonly folder: string;
    readonly data: string;
    readonly port: number;
    readonly managementPort: number;
  },
): string[] {
  const set = (name: string, value: string | number | boolean) => `-D${name}=${value}`;
  return [
    "-Xmx384m",
    ...SMALL_JAVA,
    ...NO_WARNINGS,
    set("quarkus.http.host", "127.0.0.1"),
    set("quarkus.http.port", options.port),
    // Left alone it listens on every network interface.
    set("quarkus.management.host", "127.0.0.1"),
    set("quarkus.management.port", options.managementPort),
    set("quarkus.banner.enabled", false),
    set("quarkus.log.level", "WARN"),
    set('quarkus.log.category."io.apicurio".level', "WARN"),
    set("quarkus.http.access-log.enabled", false),
    set("apicurio.storage.sql.kind", "h2"),
    set("apicurio.datasource.url", `jdbc:h2:file:${options.data}/registry`),
    "-jar",
    `${options.folder}/quarkus-run.jar`,
  ];
}
