import { type Environment, urlOf } from "./values.ts";

/** Addresses by which a browser reaches pages that a proxy hands on: in a Codespace, behind a hub, in a container. */
export interface PublicUrls {
  /** JupyterLab; null where only this machine asks for it. `TAXI_LAB_URL` */
  readonly lab: URL | null;
  /** Control Center; null where only this machine asks for it. `TAXI_CONTROL_CENTER_URL` */
  readonly controlCenter: URL | null;
}

/**
 * Reads the addresses under which proxies hand pages on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { publicUrls } from "./public_urls.ts";
 * const env = new Map([["TAXI_CONTROL_CENTER_URL", "https://hub.example/user/ana/proxy/9021"]]);
 * assert.equal(publicUrls(env).controlCenter?.pathname, "/user/ana/proxy/9021/");
 * assert.equal(publicUrls(env).lab, null);
 * ```
 * @param env Environment to read. @default Deno.env
 * @throws {TypeError} If one is no http address.
 */
export function publicUrls(env: Environment = Deno.env): PublicUrls {
  const read = (name: string) => {
    const address = urlOf(env, name);
    return address === undefined ? null : new URL(`${address.url}/`);
  };
  return { lab: read("TAXI_LAB_URL"), controlCenter: read("TAXI_CONTROL_CENTER_URL") };
}
