import { type SchemaRegistry, schemaRegistry } from "../avro/mod.ts";
import { connect, type Kafka } from "../kafka/mod.ts";
import { foreignKafka, learnerOf, registrySettings } from "../settings/mod.ts";
import { closeEarlier } from "./close_earlier.ts";
import { type Lesson, startLesson } from "./lesson.ts";
import { stopSignal } from "./stop_button.ts";

/**
 * Opens a lesson's own world: names of its own, the stop button, and one place that closes everything.
 *
 * Running the cell again ends the lesson's earlier run in this kernel. Nothing connects before it must.
 *
 * ```ts ignore
 * const lesson = await openLesson("nb04");
 * const rides = await lesson.freshTopic("rides", { partitions: 2 }); // "nb04.rides", empty
 * await lesson.close();
 * ```
 * @param id The notebook's short name, such as `nb04`.
 * @throws {TypeError} If the id could not stand in a topic's name.
 */
export function openLesson(id: string): Promise<Lesson<Kafka, SchemaRegistry>> {
  return startLesson(id, {
    connect: () => connect({ onConsumer: closeEarlier(), stopSignal }),
    registry: schemaRegistry(registrySettings()),
    learner: learnerOf(),
    foreign: foreignKafka(),
  });
}
