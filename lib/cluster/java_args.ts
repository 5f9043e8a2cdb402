import { fileURLToPath } from "node:url";
import type { Platform } from "../platform/mod.ts";

/** Folder of our one Java class. */
const JAVA = fileURLToPath(new URL("./java", import.meta.url));

/** Runs another class and ends in order when its input ends: the one way to ask that every system has. */
const ENDS_WITH_INPUT = "EndsWithInput";

/** A small heap, the collector with the smallest footprint, and only the quick compiler: starts in half the time. */
const SMALL_JAVA = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"];

/** Where the registry keeps its temporary files, below the folder it starts in: in the system's, others could make them first. */
export const TEMPORARY = "tmp";

/** Counters for other programs, kept in a file in the system's temporary folder. */
const NO_STATISTICS = "-XX:-UsePerfData";

/** Java 24 and later warn about what Kafka's compression libraries and the registry do. */
const NO_WARNINGS = ["-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"];

const LOG = "-Dorg.slf4j.simpleLogger";

/** What a Java process runs, and from where. */
interface Start {
  /** Folder it starts in. */
  readonly cwd: string;
  /** Jars, absolute. */
  readonly jars: readonly string[];
  readonly platform: Platform;
}

/** Arguments of a broker, or of Kafka's storage tool when `main` names it. */
export function kafkaArgs(
  options: Start & {
    readonly main: string;
    readonly args: readonly string[];
    /** @default 512 */
    readonly heapMegabytes?: number;
  },
): string[] {
  return [
    `-Xmx${options.heapMegabytes ?? 512}m`,
    NO_STATISTICS,
    ...SMALL_JAVA,
    ...NO_WARNINGS,
    // Without a binding Kafka says nothing, not even why it ends.
    `${LOG}.defaultLogLevel=warn`,
    `${LOG}.logFile=System.out`,
    `${LOG}.showDateTime=true`,
    `${LOG}.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS`,
    `${LOG}.showThreadName=false`,
    `${LOG}.showShortLogName=true`,
    ...mainOf(options.main, options),
    ...options.args,
  ];
}

/** Arguments of the registry: durable storage where it starts, loopback only, nothing but warnings in its log. */
export function registryArgs(
  options: Start & { readonly port: number; readonly managementPort: number },
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
    NO_STATISTICS,
    // Nothing is answered without the header that its environment names.
    set("apicurio.authn.proxy-header.enabled", true),
    set("apicurio.authn.proxy-header.trust-proxy-authorization", true),
    set("quarkus.http.auth.permission.all.paths", "/*"),
    set("quarkus.http.auth.permission.all.policy", "authenticated"),
    // On Windows each user has a temporary folder, and not every letter of this path could be told.
    ...(options.platform.os === "windows"
      ? []
      : [set("java.io.tmpdir", `${options.cwd}/${TEMPORARY}`)]),
    set("apicurio.storage.sql.kind", "h2"),
    // From where it starts: the name of a folder may hold what ends an address of H2.
    set("apicurio.datasource.url", "jdbc:h2:file:./registry"),
    // What the manifest of its jar asks for, which counts only with -jar.
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    ...mainOf("io.quarkus.bootstrap.runner.QuarkusEntryPoint", options),
  ];
}

/**
 * Paths from the folder it starts in: on Windows Java takes its arguments in the system's code page, in which not every
 * user's name can be written, and two folders of one user share that part of the path.
 */
function mainOf(main: string, { cwd, jars, platform }: Start): string[] {
  const { path } = platform;
  const from = (to: string) => path.relative(cwd, to) || ".";
  return ["-cp", [JAVA, ...jars].map(from).join(path.delimiter), ENDS_WITH_INPUT, main];
}

/** Options of the learner's own Java programs must not change ours. */
const FOREIGN =
  /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|KAFKA_.*|QUARKUS_.*|APICURIO_.*)$/;

/**
 * Environment of a Java process. On Unix Java reads names of files in the locale's encoding, and without a UTF-8 one
 * finds no folder with an umlaut; what the system says comes in English, as the sentences for it expect.
 */
export function javaEnvironment({ env, os }: Platform): Record<string, string> {
  const kept = Object.entries(env.toObject()).filter(([name]) => !FOREIGN.test(name));
  if (os === "windows") return Object.fromEntries(kept);
  const { LC_ALL, LC_CTYPE, LANG, ...others } = Object.fromEntries(kept);
  const encoding = [LC_ALL, LC_CTYPE, LANG].find((locale) => locale);
  const utf8 = encoding !== undefined && /utf-?8$/i.test(encoding) ? encoding : "C.UTF-8";
  return { ...others, LC_CTYPE: utf8, LC_MESSAGES: "C" };
}
