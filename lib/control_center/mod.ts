/**
 * The Control Center: a web page about the cluster, on this machine alone.
 *
 * ```ts ignore
 * await using center = await startControlCenter({ port: 9021, kafka: kafkaSettings(), registry });
 * console.log(center.url);   // http://localhost:9021
 * ```
 *
 * The server reads without groups and commits nothing; it changes things only when its own page asks. The page in
 * `page/` is TypeScript on preact and htm, served with its types taken out, both copied from npm into `page/vendor` by `deno task vendor-page`.
 *
 * @module
 */

export {
  type ControlCenter,
  type ControlCenterOptions,
  startControlCenter,
} from "./server/http/server.ts";
