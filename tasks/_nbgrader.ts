/**
 * A folder that nbgrader takes for a course: its configuration, the notebooks to hand out, and what learners handed in.
 *
 * @module
 */
import { forNbgrader, type Lecture, nbgraderConfig, notebookFolder } from "../lib/course/mod.ts";
import { kernelSpec } from "../lib/lab/mod.ts";

/** A learner's file. */
export interface Submission {
  readonly learner: string;
  readonly path: string;
  readonly text: string;
  readonly lecture: Lecture;
}

/**
 * Writes the folder: an assignment for each notebook that was handed in.
 *
 * @returns Names of the assignments.
 */
export async function writeNbgrader(
  folder: string,
  submissions: readonly Submission[],
): Promise<readonly string[]> {
  const jupyter = `${folder}/jupyter`, kernel = `${jupyter}/kernels/deno`;
  await write(`${kernel}/kernel.json`, JSON.stringify(kernelSpec(Deno.execPath()), null, 1));
  const config = nbgraderConfig({ notebooks: notebookFolder(), jupyter });
  await write(`${folder}/nbgrader_config.py`, config);
  for (const { learner, text, lecture } of submissions) {
    const { name } = lecture.notebook, file = `${name}/${name}.ipynb`;
    const shipped = await Deno.readTextFile(lecture.path);
    await write(`${folder}/source/${file}`, forNbgrader(lecture, shipped));
    await write(`${folder}/submitted/${learner}/${file}`, forNbgrader(lecture, text));
  }
  return [...new Set(submissions.map(({ lecture }) => lecture.notebook.name))].sort();
}

async function write(file: string, text: string): Promise<void> {
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(file, text);
}
