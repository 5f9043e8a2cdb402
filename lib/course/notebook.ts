/** One cell of a notebook. */
export interface Cell {
  /** Stable and readable, such as `idle-member`; it names the cell in every message. */
  readonly id: string;
  /** Jupyter's `cell_type`. */
  readonly kind: "code" | "markdown" | "raw";
  /** Its text, lines joined. */
  readonly source: string;
  /** How many outputs are stored; 0 in a notebook that was stripped. */
  readonly outputs: number;
  /** The number Jupyter shows in brackets; null when it has not run. */
  readonly executionCount: number | null;
}

/** A notebook as far as the course reads it. */
export interface Notebook {
  /** File name without its ending, such as `04_consumer_groups`. */
  readonly name: string;
  /** Name of the kernel it asks for, such as `deno`. */
  readonly kernel: string | undefined;
  /** Language of its code cells, such as `typescript`. */
  readonly language: string | undefined;
  /** From top to bottom. */
  readonly cells: readonly Cell[];
}

interface RawCell {
  readonly id?: string;
  readonly cell_type: Cell["kind"];
  readonly source: string | readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

/**
 * Reads a notebook file's text (Jupyter's format 4.5).
 *
 * @param name Its file name without the ending.
 * @throws {SyntaxError} If the text is not a notebook.
 */
export function parseNotebook(name: string, text: string): Notebook {
  let raw;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read notebook "${name}": ${(error as Error).message}`);
  }
  if (!Array.isArray(raw?.cells)) {
    throw new SyntaxError(`Cannot read notebook "${name}": it has no list of cells`);
  }
  return {
    name,
    kernel: raw.metadata?.kernelspec?.name,
    language: raw.metadata?.language_info?.name,
    cells: (raw.cells as readonly RawCell[]).map((cell) => ({
      id: cell.id ?? "",
      kind: cell.cell_type,
      source: typeof cell.source === "string" ? cell.source : cell.source.join(""),
      outputs: cell.outputs?.length ?? 0,
      executionCount: cell.execution_count ?? null,
    })),
  };
}

/** Source of a cell by its id. */
export type Solutions = Readonly<Record<string, string>>;

/** The solutions in a solution notebook: its code cells whose id ends in `-code`, as `ex-1-code`. */
export function solutionsOf(notebook: Notebook): Solutions {
  const solved = notebook.cells.filter((cell) => cell.kind === "code" && cell.id.endsWith("-code"));
  return Object.fromEntries(solved.map((cell) => [cell.id, cell.source]));
}

/**
 * The notebook with solutions in place of the stubs.
 *
 * @throws {TypeError} If a solution belongs to no code cell of the notebook.
 */
export function withSolutions(notebook: Notebook, solutions: Solutions): Notebook {
  const stubs = new Set(notebook.cells.filter((cell) => cell.kind === "code").map(({ id }) => id));
  const lost = Object.keys(solutions).find((id) => !stubs.has(id));
  if (lost !== undefined) {
    throw new TypeError(
      `Cannot solve "${notebook.name}#${lost}": the notebook has no such code cell`,
    );
  }
  const cells = notebook.cells.map((cell) => {
    const source = cell.kind === "code" ? solutions[cell.id] : undefined;
    return source === undefined ? cell : { ...cell, source };
  });
  return { ...notebook, cells };
}

/**
 * All code of a notebook as one TypeScript module, each cell under a line that names it, so that types can be checked.
 *
 * @param base Folder of the notebook as a URL; relative imports are made absolute, as the module may lie elsewhere.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { asModule, parseNotebook } from "./notebook.ts";
 * const text = '{"cells":[{"id":"sum","cell_type":"code","source":"1 + 1"}]}';
 * assert.equal(asModule(parseNotebook("01_sum", text)), "// 01_sum#sum\n1 + 1\nexport {};\n");
 * ```
 */
export function asModule(notebook: Notebook, base?: string): string {
  const cells = notebook.cells.filter((cell) => cell.kind === "code").map((cell) => {
    const source = base === undefined ? cell.source : cell.source.replace(
      /(\bfrom\s+|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g,
      (_, before: string, path: string) => `${before}"${new URL(path, base).href}"`,
    );
    return `// ${notebook.name}#${cell.id}\n${source}\n`;
  });
  return `${cells.join("")}export {};\n`;
}

/** The cell that holds a line (from 1) of `asModule`'s text, and the line inside the cell. */
export function cellAt(
  module: string,
  line: number,
): { readonly cell: string; readonly line: number } {
  const lines = module.split("\n");
  for (let at = Math.min(line, lines.length) - 1; at >= 0; at--) {
    const named = lines[at]!.match(/^\/\/ (\d\d_[a-z0-9_]+#\S*)$/);
    if (named !== null) return { cell: named[1]!, line: line - at - 1 };
  }
  return { cell: "", line };
}
