/** What the benches of the Control Center share: a server of its own, and what its page weighs. */
import { sleep } from "../../lib/async/mod.ts";
import type { Page } from "npm:playwright-core@1.65.1";
import { freePorts } from "../../tests/free_ports.ts";

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** A page that draws makes garbage again before it is weighed: the least of so many looks is what it keeps. */
const LOOKS = 5;

/** Weighs a page. Windows of one server may share a process: its heap, nodes and main thread are all of theirs. */
export async function scales(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const { id: process } = await session.send("Runtime.getIsolateId");
  const metric = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (name: string) => metrics.find((one) => one.name === name)!.value;
  };
  const look = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { nodes } = await session.send("Memory.getDOMCounters");
    return { nodes, heapBytes: (await metric())("JSHeapUsedSize") };
  };
  return {
    /** Equal for windows that share a process. */
    process,
    /** What is kept after its garbage was collected. */
    async kept() {
      const looks = [await look()];
      while (looks.length < LOOKS) looks.push(await look());
      return {
        nodes: Math.min(...looks.map(({ nodes }) => nodes)),
        heapBytes: Math.min(...looks.map(({ heapBytes }) => heapBytes)),
      };
    },
    /** How long its main thread has worked, and when that was. */
    async worked() {
      const value = await metric();
      // Processor time: how long tasks take also counts what other programs of a busy machine took meanwhile.
      return { taskS: value("ThreadTime"), atS: value("Timestamp") };
    },
  };
}

/** From the first byte of the page to so many lines of its list. */
export async function opensMs(page: Page, url: string, lines: number): Promise<number> {
  await page.goto("about:blank");
  await page.goto(url);
  const ms = await page.waitForFunction((lines) => {
    if (document.querySelectorAll("tbody tr").length < lines) return false;
    const [began] = performance.getEntriesByType("navigation");
    return performance.now() - (began as PerformanceNavigationTiming).responseStart;
  }, lines);
  return Number(await ms.jsonValue());
}

/** The Control Center in a process of its own, so that its memory is its own. */
export async function startCenter(brokers: string, registry = "http://localhost:1") {
  const port = freePorts(1), url = `http://localhost:${port}`;
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tasks/control_center.ts", "--port", `${port}`],
    env: { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registry },
    stdin: "null",
    stdout: "null",
  }).spawn();
  while (!await fetch(url).then((it) => it.body?.cancel().then(() => it.ok), () => false)) {
    await sleep(50);
  }
  return {
    url,
    peakMb: async () => {
      const status = await Deno.readTextFile(`/proc/${program.pid}/status`);
      return Number(status.match(/^VmHWM:\s+(\d+) kB/m)![1]) / 1_000;
    },
    /** Processor time that it has used. */
    cpuMs: async () => {
      const stat = await Deno.readTextFile(`/proc/${program.pid}/stat`);
      const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
      return (Number(user) + Number(system)) * TICK_MS;
    },
    [Symbol.asyncDispose]: async () => {
      program.kill("SIGTERM");
      await program.status;
    },
  };
}
