/** Six hues, told apart by people who see colours differently; each pair of shades fits one theme. */
export const HUES = [
  { name: "blue", light: "#2a5fcf", dark: "#82acff" },
  { name: "orange", light: "#b4530a", dark: "#ffae6b" },
  { name: "teal", light: "#0b7a6f", dark: "#4fd0bf" },
  { name: "violet", light: "#8440bd", dark: "#cfa0ff" },
  { name: "rose", light: "#bf2c5a", dark: "#ff93b3" },
  { name: "olive", light: "#66720d", dark: "#c5d253" },
] as const;

/**
 * The hues as CSS variables `--taxi-0` and on: pictures in cells and the Control Center take them from here.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shades } from "./hues.ts";
 * assert.match(shades("dark"), /^--taxi-0:#82acff;--taxi-1:#/);
 * ```
 */
export function shades(theme: "light" | "dark"): string {
  return HUES.map((one, index) => `--taxi-${index}:${one[theme]}`).join(";");
}
