import { withChecks } from "./grade.ts";
import type { Lecture } from "./shelf.ts";

/**
 * A notebook as nbgrader wants it: metadata by cell id, and the course's own checks below the exercises.
 *
 * @param text The course's notebook, to hand out, or a learner's, to grade.
 */
export function forNbgrader(lecture: Lecture, text: string): string {
  const raw = JSON.parse(withChecks(lecture, text)) as {
    cells: { id: string; metadata: object }[];
  };
  const cells = raw.cells.map((cell) => {
    const nbgrader = metadataOf(cell.id);
    return nbgrader === undefined ? cell : { ...cell, metadata: { ...cell.metadata, nbgrader } };
  });
  return JSON.stringify({ ...raw, cells }, null, 1) + "\n";
}

/** A check cell is graded and locked; an exercise's code is the learner's; nbgrader leaves the other cells alone. */
function metadataOf(id: string): object | undefined {
  const part = id.match(/^ex-\d+-(check|code)$/)?.[1];
  if (part === undefined) return undefined;
  const check = part === "check";
  return {
    schema_version: 3,
    grade_id: id,
    grade: check,
    locked: check,
    solution: !check,
    task: false,
    ...(check ? { points: 1 } : {}),
  };
}

/** Where nbgrader finds what its configuration names. */
export interface NbgraderPlaces {
  /** Folder of the checkout that notebooks run in: their imports and files are found from there. */
  readonly notebooks: string;
  /** Folder that holds `kernels/deno/kernel.json`. */
  readonly jupyter: string;
}

/** `nbgrader_config.py`: nbgrader knows a cell by its error alone, so a check that does not say yes must throw. */
export function nbgraderConfig({ notebooks, jupyter }: NbgraderPlaces): string {
  return `"""How nbgrader 0.9 grades the notebooks of Taxi Streams."""

import os

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions, Execute, InstantiateTests

os.environ["TAXI_GRADE"] = "1"
os.environ["JUPYTER_PATH"] = ${JSON.stringify(jupyter)}


class InNotebooks(Execute):
    def preprocess(self, nb, resources, *args, **kwargs):
        resources.setdefault("metadata", {})["path"] = ${JSON.stringify(notebooks)}
        return super().preprocess(nb, resources, *args, **kwargs)


c = get_config()  # noqa: F821
c.InNotebooks.timeout = 120
c.Autograde.autograde_preprocessors = [
    InNotebooks if one is Execute else one
    for one in Autograde.autograde_preprocessors.default(Autograde)
]
# The notebooks come with their stubs: there is nothing to take out of them.
c.GenerateAssignment.preprocessors = [
    one
    for one in GenerateAssignment.preprocessors.default(GenerateAssignment)
    if one not in (InstantiateTests, ClearSolutions, ClearHiddenTests, ClearMarkScheme)
]
`;
}
