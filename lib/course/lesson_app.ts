import type { Kafka } from "../kafka/mod.ts";
import { type App } from "../streams/mod.ts";
import { resetApplication, Worker, type WorkerOptions } from "../streams/runtime/mod.ts";
import type { Lesson, LessonRegistry } from "./lesson.ts";
import { onceLeft } from "./once_left.ts";

/** The workers of each application that run in a lesson. */
const running = new WeakMap<object, Map<string, Map<string, Worker>>>();

/**
 * Puts an application back to its beginning: its workers in this lesson stop, its offsets and internal topics go. The
 * lesson's end does the same, so that nothing is left behind.
 *
 * ```ts ignore
 * await freshApp(lesson, trips, { from: "latest" });
 * const worker = await startWorker(lesson, trips);
 * ```
 * @param options.from Where it will start to read its sources: "latest" passes over what others put there. @default "earliest"
 * @throws {KafkaError} If another program still works under the application's id
 */
export async function freshApp(
  lesson: Lesson<Kafka, LessonRegistry>,
  app: App,
  options: { readonly from?: "earliest" | "latest" } = {},
): Promise<void> {
  const kafka = await lesson.kafka();
  const clear = async () => {
    const workers = workersOf(lesson, app.id);
    await Promise.all([...workers.values()].map((worker) => worker.stop()));
    workers.clear();
    await onceLeft(() => resetApplication(kafka, app.id));
  };
  await clear();
  await lesson.keep(`application ${app.id}`, { close: clear });
  if (options.from !== "latest") return;
  const sources = app.topology().nodes.flatMap(({ source }) =>
    source && !source.internal ? [source.topic] : []
  );
  for (const topic of new Set(sources)) await kafka.groups.reset(app.id, { topic, to: "latest" });
}

/**
 * Starts a worker of an application that `freshApp()` has prepared; it ends with the lesson. Starting one of the same
 * name again stops the older one first, so a cell can run twice.
 *
 * @param options.name Tells workers of one application apart. @default "worker"
 */
export async function startWorker(
  lesson: Lesson<Kafka, LessonRegistry>,
  app: App,
  { name = "worker", ...options }: WorkerOptions = {},
): Promise<Worker> {
  const workers = workersOf(lesson, app.id);
  await workers.get(name)?.stop();
  const worker = await Worker.start(await lesson.kafka(), app.topology(), { name, ...options });
  workers.set(name, worker);
  return worker;
}

function workersOf(lesson: object, appId: string): Map<string, Worker> {
  const apps = running.get(lesson) ?? new Map<string, Map<string, Worker>>();
  running.set(lesson, apps);
  const workers = apps.get(appId) ?? new Map<string, Worker>();
  apps.set(appId, workers);
  return workers;
}
