import { type Bundle, bundleOf, type Picture, picture } from "./picture.ts";
import { screen } from "./screen.ts";
import { escapeHtml } from "./markup.ts";
import { themed } from "./mermaid.ts";

/**
 * Shows values below the cell that runs; outside a notebook it prints their text.
 *
 * Pictures are drawn, strings come as they are, an error shows its name and message, other values are
 * inspected; a promise is waited for. Once the promise resolves, the output has left: it cannot come too late, as a cell's last
 * value can.
 *
 * ```ts ignore
 * await show(table(rides), "three rides");
 * ```
 */
export async function show(...values: readonly unknown[]): Promise<void> {
  for (const value of values) await screen().show(await formats(await value));
}

/** Every format of a value that a front end may choose from; always with `text/plain`. */
export async function formats(value: unknown): Promise<Bundle> {
  const own = await bundleOf(value);
  if (own !== undefined) return inCourseColors(own);
  if (typeof value === "string") return { "text/plain": value };
  if (value instanceof Error) return { "text/plain": `${value.name}: ${value.message}` };
  const markup = (value as { outerHTML?: unknown } | null)?.outerHTML;
  if (typeof markup === "string") return { "text/html": markup, "text/plain": "[drawing]" };
  const text = Deno.inspect(value, { colors: screen().inPlace, depth: 6, iterableLimit: 50 });
  return { "text/plain": text };
}

/** An application draws its topology without knowing of themes. */
function inCourseColors(bundle: Bundle): Bundle {
  const diagram = bundle["text/vnd.mermaid"];
  return typeof diagram === "string" ? { ...bundle, "text/vnd.mermaid": themed(diagram) } : bundle;
}

/** HTML as you wrote it, unescaped: for markup of your own only, never for what a record contains. */
export function html(markup: string, text = "[html]"): Picture {
  return picture(markup, text);
}

/** Markdown, drawn by the notebook as in a text cell. */
export function markdown(text: string): Picture {
  return picture(`<pre>${escapeHtml(text)}</pre>`, text, { "text/markdown": text });
}
