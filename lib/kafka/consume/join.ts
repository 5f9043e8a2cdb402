import { abortable } from "../../async/mod.ts";
import type { Kafka, NamedConsumer } from "../client/connect.ts";

/** A consumer that was made and has not joined yet. */
interface Joining extends NamedConsumer {
  /** Joins its group; resolves when it knows its partitions. */
  join(): Promise<void>;
  /** What to call when it is closed. */
  onClose(forget: () => void): void;
}

/** Lets a consumer join; closed when that fails, and together with its connection. */
export async function joined<C extends Joining>(kafka: Kafka, made: C): Promise<C> {
  await kafka.beforeJoin(made);
  made.onClose(kafka.adopt(made));
  try {
    await abortable(made.join(), kafka.stopSignal());
    return made;
  } catch (error) {
    await made.close();
    throw error;
  }
}
