// Where one is on the page, as the address says it: parts of a path, and what was chosen there.
import { useEffect, useState } from "./preact.ts";

/** A place: `#/topics/demo_1?from=begin` is ["topics", "demo_1"] with { from: "begin" }. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * Reads the part of an address behind `#`; undefined where it is none that this page writes.
 *
 * @param hash With or without the `#`.
 */
export function readPlace(hash: string): Place | undefined {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  try {
    return {
      path: path.split("/").filter(Boolean).map(decodeURIComponent),
      query: new URLSearchParams(query),
    };
  } catch {
    // "100%" is no encoded text.
    return undefined;
  }
}

/** Writes what was chosen into the address, without a step back for each letter typed; empty values are left out. */
export function rememberPlace(changes: Readonly<Record<string, string | undefined>>): void {
  const place = readPlace(location.hash);
  if (!place) return;
  for (const [name, value] of Object.entries(changes)) {
    if (value) place.query.set(name, value);
    else place.query.delete(name);
  }
  const query = place.query.toString();
  const path = location.hash.split("?")[0] || "#/";
  history.replaceState(null, "", query ? `${path}?${query}` : path);
}

/** A text that stands in the address under this name: reloading and sharing the address keep it. */
export function useRemembered(name: string, first = ""): [string, (value: string) => void] {
  const [value, setValue] = useState(() => readPlace(location.hash)?.query.get(name) ?? first);
  useEffect(() => rememberPlace({ [name]: value === first ? undefined : value }), [value]);
  return [value, setValue];
}
