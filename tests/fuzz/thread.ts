/** The thread on which the fuzzer runs: decoder after decoder, each for a while, in rounds, until it is ended. */
import { Fuzzer } from "./fuzzer.ts";
import { SHARED } from "./shared.ts";
import type { Finding } from "./target.ts";
import { TARGETS } from "./targets/mod.ts";

/** What it is told at the beginning. */
export interface ToThread {
  readonly names: readonly string[];
  readonly seed: number;
  /** Of each decoder. */
  readonly corpus: readonly (readonly Uint8Array[])[];
  readonly shared: SharedArrayBuffer;
}

/** What it tells after each decoder's turn. */
export interface FromThread {
  readonly tried: readonly (readonly [target: string, inputs: number])[];
  readonly findings: readonly Finding[];
}

/** How long a decoder's turn is: some take a hundred times as long as others for an input. */
const TURN_MS = 200;

const thread = self as unknown as {
  onmessage: (event: MessageEvent<ToThread>) => void;
  postMessage: (message: FromThread) => void;
};

thread.onmessage = async ({ data: { names, seed, corpus, shared } }) => {
  const counters = new Int32Array(shared, 0, 3), bytes = new Uint8Array(shared, SHARED.bytes);
  const fuzzers = names.map((name, at) => {
    const target = TARGETS.find((one) => one.name === name)!;
    return new Fuzzer(target, { seed: seed + at, corpus: corpus[at]! });
  });
  for (;;) {
    for (const [at, fuzzer] of fuzzers.entries()) {
      const before = { tried: fuzzer.tried, findings: fuzzer.findings.length };
      for (const end = performance.now() + TURN_MS; performance.now() < end;) {
        const input = fuzzer.next();
        bytes.set(input);
        counters[SHARED.target] = at;
        counters[SHARED.length] = input.length;
        Atomics.add(counters, SHARED.begun, 1);
        await fuzzer.try(input);
      }
      thread.postMessage({
        tried: [[fuzzer.target.name, fuzzer.tried - before.tried]],
        findings: fuzzer.findings.slice(before.findings),
      });
    }
    // Lets messages out.
    await new Promise((resolve) => setTimeout(resolve));
  }
};
