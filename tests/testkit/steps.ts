/** Counts steps: how often each piece of JavaScript ran, and how far built-in functions looked. No clock decides. */
import { Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

/** Built-in functions that go through a whole array. */
const SCANS = [
  "includes",
  "indexOf",
  "lastIndexOf",
  "slice",
  "concat",
  "splice",
  "shift",
  "unshift",
] as const;

const COMPILERS = ["turbofan", "maglev", "use-osr"];

interface Counts {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[];
  }[];
}

/** A counter of the steps that functions take; one at a time. */
export class Steps implements AsyncDisposable {
  readonly #session = new Session();
  readonly #before = SCANS.map((name) => [name, Array.prototype[name]] as const);
  #scanned = 0;

  private constructor() {
    this.#session.connect();
    for (const [name, scan] of this.#before) {
      const count = (length: number) => void (this.#scanned += length);
      this.#set(name, function (this: unknown[], ...args: unknown[]) {
        const result: unknown = Reflect.apply(scan, this, args);
        count(Array.isArray(result) && name !== "splice" ? result.length : this.length);
        return result;
      });
    }
  }

  /** Begins to count. */
  static async begin(): Promise<Steps> {
    const steps = new Steps();
    // What the compilers put in the place of a call is not counted.
    for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`);
    await steps.#post("Profiler.enable");
    await steps.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    return steps;
  }

  /** Runs a function. @returns How many steps it took. */
  async of(run: () => unknown): Promise<number> {
    await this.#post("Profiler.takePreciseCoverage");
    this.#scanned = 0;
    await run();
    const scanned = this.#scanned;
    const { result } = await this.#post("Profiler.takePreciseCoverage") as Counts;
    const ranges = result.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
    return ranges.reduce((sum, { count }) => sum + count, scanned);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [name, scan] of this.#before) this.#set(name, scan);
    await this.#post("Profiler.stopPreciseCoverage");
    for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`);
    this.#session.disconnect();
  }

  #set(name: string, value: unknown): void {
    Object.defineProperty(Array.prototype, name, { value, writable: true, configurable: true });
  }

  #post(method: string, parameters: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.post(
        method,
        parameters,
        (error: Error | null, result?: object) => error ? reject(error) : resolve(result),
      );
    });
  }
}
