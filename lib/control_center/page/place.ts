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

/** The address of this place with something else chosen in it; empty values are left out. */
export function withPlace(changes: Readonly<Record<string, string | undefined>>): string {
  const [path, text] = location.hash.split("?", 2), query = new URLSearchParams(text ?? "");
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `${path || "#/"}${query.size > 0 ? `?${query}` : ""}`;
}

/** Writes what was chosen into the address, without a step back for each letter typed. */
export function rememberPlace(changes: Readonly<Record<string, string | undefined>>): void {
  if (readPlace(location.hash)) history.replaceState(null, "", withPlace(changes));
}

/** A text that stands in the address under this name: reloading and sharing the address keep it. */
export function useRemembered(name: string, first = ""): [string, (value: string) => void] {
  const [value, setValue] = useState(() => readPlace(location.hash)?.query.get(name) ?? first);
  useEffect(() => rememberPlace({ [name]: value === first ? undefined : value }), [value]);
  return [value, setValue];
}
