import type { Cell, Notebook, Solutions } from "./notebook.ts";

/** Lines that a code cell may have; more where it imports, or builds a function or class; many in a check, which is folded. */
const LINES = 16, BUILD_LINES = 20, CHECK_LINES = 50;

/** A projector shows no more. */
const COLUMNS = 80;

/** Cells that every lesson has. */
const REQUIRED = ["title", "objectives", "setup", "recap", "next", "cleanup"];

/**
 * What a notebook does wrong by the course's rules, one sentence each, with the cell's name; empty when nothing.
 *
 * @param solutions The exercises' solutions, by the id of their stub.
 */
export function faults(notebook: Notebook, solutions: Solutions): readonly string[] {
  const at = (cell: Cell) => `${notebook.name}#${cell.id}`;
  const code = notebook.cells.filter((cell) => cell.kind === "code");
  return [
    ...form(notebook),
    ...ids(notebook),
    ...notebook.cells.filter((cell) => cell.outputs > 0 || cell.executionCount !== null)
      .map((cell) => `${at(cell)}: has outputs or a run number; strip them`),
    ...notebook.cells.filter(({ source }) => /https?:\/\/localhost/.test(source))
      .map((cell) => `${at(cell)}: an address of this machine by hand; ports can be moved`),
    ...code.flatMap((cell) => size(cell).map((fault) => `${at(cell)}: ${fault}`)),
    ...runs(notebook.cells).map((cell) =>
      `${at(cell)}: third code cell in a row; say something first`
    ),
    ...notebook.cells.filter((cell) => !answered(cell))
      .map((cell) => `${at(cell)}: not one folded answer for each question of “Without looking”`),
    ...predictions(notebook),
    ...exercises(notebook, solutions),
  ];
}

/** Each question to predict is followed by its cell, and each prediction has what happened, below it. */
function predictions({ name, cells }: Notebook): string[] {
  const named = (source: string, call: string) =>
    [...source.matchAll(new RegExp(`\\b${call}\\(\\s*"([^"]+)"`, "g"))].map(([, one]) => one!);
  const told = cells.some(({ source }) => /\bawait recap\(/.test(source));
  const asked = cells.some(({ source }) => named(source, "predict").length > 0);
  const wrong = asked && !told
    ? [`${name}: no cell that says how many predictions were right`]
    : [];
  return wrong.concat(cells.flatMap((cell, at) => {
    const next = cells[at + 1]?.source ?? "", below = cells.slice(at + 1);
    const asks = cell.kind === "markdown" && cell.source.includes("**Predict");
    const unseen = named(cell.source, "predict").filter((one) =>
      !below.some(({ source }) => named(source, "happened").includes(one))
    );
    return [
      ...(asks && !next.includes("await predict(")
        ? [`${name}#${cell.id}: no cell with predict() below the question`]
        : []),
      ...unseen.map((one) => `${name}#${cell.id}: nothing shows how "${one}" happened`),
    ];
  }));
}

/** Whether the recap's questions have their answers, folded, one numbered line for each. */
function answered({ source }: Cell): boolean {
  const questions = source.match(/^\*\*Without looking:\*\*.*$/m)?.[0].match(/\?(?=\s|$)/g) ?? [];
  const folded = source.match(/<summary>Answers<\/summary>([\s\S]*?)<\/details>/)?.[1] ?? "";
  return (folded.match(/^\d+\. /gm) ?? []).length === questions.length;
}

function form(notebook: Notebook): string[] {
  const wrong: string[] = [];
  if (!/^\d\d_[a-z0-9_]+$/.test(notebook.name)) wrong.push(`${notebook.name}: not NN_snake_case`);
  if (notebook.kernel !== "deno") wrong.push(`${notebook.name}: kernelspec is not deno`);
  if (notebook.language !== "typescript") {
    wrong.push(`${notebook.name}: language_info.name is not typescript`);
  }
  const there = new Set(notebook.cells.map(({ id }) => id));
  for (const id of REQUIRED) if (!there.has(id)) wrong.push(`${notebook.name}: no cell "${id}"`);
  if (!notebook.cells[0]?.source.startsWith("# ")) {
    wrong.push(`${notebook.name}: the first cell has no title`);
  }
  return wrong;
}

function ids(notebook: Notebook): string[] {
  const seen = new Set<string>();
  return notebook.cells.flatMap(({ id }, index) => {
    const again = seen.has(id);
    seen.add(id);
    if (again) return [`${notebook.name}#${id}: the id is there twice`];
    // What an editor makes up is eight hexadecimal digits or a UUID.
    const readable = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) && !/^[0-9a-f]{8}/.test(id);
    return readable ? [] : [`${notebook.name}, cell ${index + 1}: "${id}" is not a readable id`];
  });
}

function size(cell: Cell): string[] {
  const lines = cell.source.split("\n").length;
  const builds = cell.id === "setup" ||
    /^\s*(async )?(function|class) |=> \{$/m.test(cell.source);
  const most = cell.id.endsWith("-check") ? CHECK_LINES : builds ? BUILD_LINES : LINES;
  const wrong = lines > most ? [`${lines} lines, ${most} are the limit`] : [];
  const long = cell.source.split("\n").findIndex((line) => line.length > COLUMNS);
  if (long >= 0) wrong.push(`line ${long + 1} has more than ${COLUMNS} columns`);
  if (/^\s*import \* as /m.test(cell.source)) wrong.push("import by name, not import *");
  if (/^\s*import /m.test(cell.source) && cell.id !== "setup") {
    wrong.push("imports belong into the cell setup");
  }
  return wrong;
}

/** Code cells that are the third, or a later one, without prose between. */
function runs(cells: readonly Cell[]): Cell[] {
  let row = 0;
  return cells.filter((cell) => {
    row = cell.kind === "code" ? row + 1 : 0;
    return row >= 3;
  });
}

function exercises(notebook: Notebook, solutions: Solutions): string[] {
  const there = new Set(notebook.cells.map(({ id }) => id));
  const tasks = [...there].filter((id) => /^ex-\d+$/.test(id));
  if (tasks.length === 0) return [`${notebook.name}: has no exercise "ex-1"`];
  const missing = tasks.flatMap((id) => [
    ...[`${id}-code`, `${id}-check`].filter((one) => !there.has(one))
      .map((one) => `${notebook.name}#${id}: no cell "${one}"`),
    ...(solutions[`${id}-code`] === undefined
      ? [`${notebook.name}#${id}: no solution for "${id}-code"`]
      : []),
  ]);
  const lost = Object.keys(solutions).filter((id) => !there.has(id))
    .map((id) => `${notebook.name}#${id}: a solution without an exercise`);
  return [...missing, ...lost];
}
