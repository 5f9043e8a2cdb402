import Decoder from "kafkajs/src/protocol/decoder.js";

/** What the broker said about one partition of a produce request. */
export interface ProduceAnswer {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's error code; 0 is success. */
  readonly errorCode: number;
  readonly baseOffset: number;
  /** Epoch ms; −1 unless the topic stamps records itself. */
  readonly logAppendTime: number;
  /** The broker's own sentence about a record that it refused; brokers before Kafka 2.4 give none. */
  readonly errorMessage?: string;
}

/** Decodes a produce response of versions 3 to 8. @see The protocol guide, Produce; KIP-467 added the sentences */
export function decodeProduce(bytes: Uint8Array, apiVersion: number): ProduceAnswer[] {
  // deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
  const decoder: any = new Decoder(bytes), answers: ProduceAnswer[] = [];
  decoder.readArray(() => {
    const topic: string = decoder.readString();
    decoder.readArray(() => {
      const partition: number = decoder.readInt32(), errorCode: number = decoder.readInt16();
      const baseOffset = Number(decoder.readInt64()), logAppendTime = Number(decoder.readInt64());
      if (apiVersion >= 5) decoder.readInt64(); // start of the log
      const said: (string | null)[] = [];
      if (apiVersion >= 8) {
        decoder.readArray(() => {
          decoder.readInt32(); // which record
          said.push(decoder.readString());
        });
        said.push(decoder.readString()); // about the whole batch
      }
      const errorMessage = said.find((one) => one);
      const answer = { topic, partition, errorCode, baseOffset, logAppendTime };
      answers.push(errorMessage ? { ...answer, errorMessage } : answer);
    });
  });
  return answers;
}
