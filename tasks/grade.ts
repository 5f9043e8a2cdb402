/** `deno task grade FILE|DIR…`: points of learners' notebooks, as saved or run again with the course's own checks. */
import { basename } from "node:path";
import {
  type Grade,
  gradesOf,
  type Lecture,
  lectureOf,
  lectures,
  notebookFolder,
  pointsOf,
  runNotebook,
  savedGrades,
  savedPredictions,
  withChecks,
} from "../lib/course/mod.ts";
import { pythonOf } from "../lib/lab/mod.ts";
import { callerPath, door, open, wholeNumber } from "./_door.ts";
import { canvasOf, csvOf, tableOf } from "./_grade_report.ts";
import { type Submission, writeNbgrader } from "./_nbgrader.ts";
import { onCluster } from "./_on_cluster.ts";
import { plain, plainJson } from "./_plain.ts";
import { stopOnSignals } from "./_stop.ts";

interface Flags {
  readonly run?: boolean;
  readonly limit: number;
  readonly csv?: string;
  readonly canvas?: string;
  readonly nbgrader?: string;
  readonly json?: boolean;
}

await open(
  door(
    "grade",
    "Points of learners' notebooks, one for each exercise: by the verdicts saved in them, or by running them again.",
  )
    .argument(
      "<paths...>",
      "notebooks, or folders of them: DIR/ana/04_consumer_groups.ipynb is ana's",
    )
    .allowExcessArguments(true)
    .option("--run", "run each in a fresh kernel with the course's own checks laid over")
    .option("--limit <seconds>", "longest time for one cell of a run", wholeNumber(1), 60)
    .option("--csv <file>", "a line for each learner, as Moodle takes it")
    .option("--canvas <file>", "the same as Canvas takes it: learners by their login")
    .option("--nbgrader <dir>", "grade nothing: write a folder for nbgrader instead")
    .option("--json", "a JSON line for each notebook on stdout")
    .action(async (paths: string[], flags: Flags) => {
      const found = await submissions(paths.map(callerPath), await lectures());
      if (flags.nbgrader !== undefined) {
        const folder = callerPath(flags.nbgrader);
        const assignments = await writeNbgrader(folder, found);
        console.log(`In ${folder}, where Kafka answers:`);
        for (const name of assignments) {
          console.log(`  nbgrader generate_assignment ${name} && nbgrader autograde ${name}`);
        }
        return;
      }
      const grades = flags.run ? await run(found, flags) : found.map(read);
      if (flags.json) { for (const grade of grades) console.log(plainJson(grade)); }
      else console.log(tableOf(grades));
      if (flags.csv !== undefined) await Deno.writeTextFile(callerPath(flags.csv), csvOf(grades));
      if (flags.canvas !== undefined) {
        await Deno.writeTextFile(callerPath(flags.canvas), canvasOf(grades));
      }
    }),
);

/** The course's notebooks among the files; others are named and passed over. */
async function submissions(
  paths: readonly string[],
  all: readonly Lecture[],
): Promise<readonly Submission[]> {
  const found: Submission[] = [];
  for (const path of paths) {
    for (const file of await notebooksIn(path)) {
      const passOver = (why: string) => console.error(plain(`${file} ${why}: passed over`));
      try {
        const text = await Deno.readTextFile(file), lecture = lectureOf(all, file, text);
        if (lecture === undefined) {
          passOver("is no notebook of the course");
          continue;
        }
        // One that cannot be read costs nobody else a grade.
        savedGrades(lecture, text);
        found.push({ learner: learnerOf(file, path), path: file, text, lecture });
      } catch (error) {
        passOver(`cannot be graded, ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  if (found.length > 0) return found;
  throw new Error(`Cannot grade: there is no notebook of the course in "${paths.join('", "')}"`);
}

async function notebooksIn(path: string): Promise<string[]> {
  const { isFile } = await Deno.stat(path);
  if (isFile) return [path];
  const found: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    // Jupyter's own copies are in folders that begin with a dot.
    if (entry.isDirectory && !entry.name.startsWith(".")) {
      found.push(...await notebooksIn(`${path}/${entry.name}`));
    } else if (entry.name.endsWith(".ipynb")) {
      const file = `${path}/${entry.name}`;
      // A pipe of that name would be waited for without an end; a link may lead nowhere.
      if ((await Deno.stat(file).catch(() => null))?.isFile) found.push(file);
    }
  }
  return found.sort();
}

/** `DIR/ana/04_x.ipynb` is ana's, and so is `DIR/ana_04_x.ipynb`. */
function learnerOf(file: string, given: string): string {
  const [folder, ...rest] = file.slice(given.length + 1).split("/");
  if (rest.length > 0) return folder!;
  const name = basename(file, ".ipynb");
  // A name is also a folder's: "." and ".." are places.
  return name.replace(/[_-]?\d\d_[a-z0-9_]+$/, "").replace(/^\.+/, "") || name;
}

/** A learner as `TAXI_LEARNER` takes it. */
function nameOf(learner: string): string {
  return `g-${learner.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`.slice(0, 30);
}

function read({ learner, text, lecture }: Submission): Grade {
  const exercises = savedGrades(lecture, text), predictions = savedPredictions(text);
  const notebook = lecture.notebook.name;
  return { learner, notebook, exercises, predictions, failures: [], seconds: null };
}

/** Runs them one after another on one cluster; a learner's code may do there whatever you may. */
async function run(all: readonly Submission[], { limit }: Flags): Promise<readonly Grade[]> {
  console.error(
    "Learners' code runs as you, with your files and your network: " +
      "use an account or a container that holds nothing of value.",
  );
  const python = await pythonOf({ progress: ({ text }) => console.error(text) });
  const stop = stopOnSignals(), folder = await Deno.makeTempDir({ prefix: "taxi-grade-" });
  try {
    return await onCluster(async (env) => {
      const grades: Grade[] = [];
      for (const { learner, text, lecture } of all) {
        if (stop.signal.aborted) break;
        const startedMs = performance.now(), path = `${folder}/${lecture.notebook.name}.ipynb`;
        await Deno.writeTextFile(path, withChecks(lecture, text));
        const ran = await runNotebook(path, {
          python,
          // Each learner gets names and predictions of their own, so that a grade does not depend on those before it.
          env: { ...env, TAXI_LEARNER: nameOf(learner) },
          goOn: true,
          folder: notebookFolder(),
          cellTimeoutMs: 1000 * limit,
          signal: stop.signal,
        });
        const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
        const exercises = gradesOf(lecture, ran.verdicts);
        const { failures } = ran, notebook = lecture.notebook.name;
        const predictions = savedPredictions(text);
        const grade = { learner, notebook, exercises, predictions, failures, seconds };
        console.error(plain(`${learner} · ${notebook}: ${pointsOf(grade)} of ${exercises.length}`));
        grades.push(grade);
      }
      return grades;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
