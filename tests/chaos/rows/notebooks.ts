import { kill, lookAt } from "../../../lib/cluster/process.ts";
import type { Anomaly } from "../anomalies.ts";
import { Desk, SETUP } from "../notebook_desk.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { familyOf, memberFaults, processFaults } from "../strays.ts";

/** Notebooks that are open at once. */
const OPEN = 10;
/** What a kernel with a consumer may take. */
const KERNEL_MB = 350;

/** JupyterLab as learners use it: the server, its kernels, and everything of a page but the browser. */
export const notebooks: Row = {
  id: "R25",
  name: "notebooks",
  about:
    "kernels restarted, cells run again, pages reloaded, ten notebooks open: no stray member, no stray process",
  brokers: 1,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run,
  control: {
    about:
      "one cell under five names, a kernel killed in a session of a minute, a process that a cell set free",
    finds: ["leak"],
    run: careless,
  },
};

async function run(trial: Trial): Promise<Outcome> {
  await using desk = await Desk.open(trial.cluster, OPEN);
  const again = await runAgain(desk, trial);
  const { anomalies, figures } = await tenOpen(desk, trial);
  const family = await familyOf(desk.lab.pid);
  trial.tell(`end JupyterLab: ${family.length} processes`);
  await desk.lab.stop();
  return {
    anomalies: [
      ...again,
      ...anomalies,
      ...await memberFaults(trial.cluster.kafka, { group: desk.name("ten"), wanted: 0 }),
      ...await processFaults(family),
    ],
    figures,
  };
}

/** One notebook: its cells five times in a row, the page again, the kernel again, the cells again, and its end. */
async function runAgain(desk: Desk, { cluster: { kafka }, tell }: Trial): Promise<Anomaly[]> {
  const found: Anomaly[] = [], groups = [desk.name("read"), desk.name("count")];
  const look = async (after: string, wanted: number) => {
    for (const group of groups) {
      const faults = await memberFaults(kafka, { group, wanted });
      found.push(...faults.map((one) => ({ ...one, detail: `${after}: ${one.detail}` })));
    }
  };
  const cells = [desk.reading({ group: groups[0]! }), desk.counting(groups[1]!)];
  const page = await desk.notebook(), first = await page.pid();
  tell("run each cell five times in a row");
  for (const cell of cells) await Promise.all(Array.from({ length: 5 }, () => page.run(cell)));
  await look("five times", 1);
  tell("reload the page");
  await page.reload();
  await page.run(desk.takeOne);
  await look("reloaded", 1);
  if (await page.pid() !== first) {
    found.push({ kind: "wrong answer", detail: "after the reload it is not the same kernel" });
  }
  const old = await familyOf(first);
  tell("restart the kernel, run all cells at once");
  await page.restart();
  await page.run(SETUP);
  for (const cell of cells) await page.run(cell);
  found.push(...await processFaults(old));
  await look("restarted", 1);
  tell("restart the kernel, run nothing");
  await page.restart();
  await look("restarted only", 0);
  await page.shutDown();
  return found;
}

/** They share a topic: each kernel has a partition of its own. Half of them are closed; the others end with the lab. */
async function tenOpen(desk: Desk, { cluster: { kafka }, tell }: Trial): Promise<Outcome> {
  const group = desk.name("ten");
  tell(`open ${OPEN} notebooks at once`);
  const pages = await Promise.all(Array.from({ length: OPEN }, () => desk.notebook()));
  const startMs = performance.now();
  await Promise.all(pages.map((page) => page.run(desk.reading({ group, fresh: false }))));
  const anomalies = await memberFaults(kafka, { group, wanted: OPEN });
  const sharedMs = Math.round(performance.now() - startMs);
  const owned = (await kafka.groups.describe(group)).members.map((one) => one.partitions.length);
  if (owned.some((count) => count !== 1)) {
    anomalies.push({ kind: "wrong answer", detail: `partitions owned: ${owned.join(" ")}` });
  }
  const pids = await Promise.all(pages.map((page) => page.pid()));
  const seen = await lookAt([...pids, desk.lab.pid]);
  const bytesOf = (pid: number) => seen.get(pid)?.memoryBytes;
  const megabytes = pids.map(bytesOf)
    .map((bytes) => Math.round((bytes ?? 0) / 2 ** 20)).sort((a, b) => a - b);
  const largest = megabytes.at(-1)!, lab = bytesOf(desk.lab.pid) ?? 0;
  if (largest > KERNEL_MB) {
    anomalies.push({ kind: "leak", detail: `a kernel takes ${largest} MB, not ${KERNEL_MB}` });
  }
  tell("close half of them");
  const closed = (await Promise.all(pids.slice(OPEN / 2).map(familyOf))).flat();
  await Promise.all(pages.slice(OPEN / 2).map((page) => page.shutDown()));
  anomalies.push(...await processFaults(closed));
  anomalies.push(...await memberFaults(kafka, { group, wanted: OPEN / 2 }));
  return {
    anomalies,
    figures: {
      kernels: OPEN,
      "MB a kernel": megabytes[OPEN / 2]!,
      "at most": largest,
      "JupyterLab MB": Math.round(lab / 2 ** 20),
      "ten share out ms": sharedMs,
    },
  };
}

/** What is left over when nobody takes care: each must be seen, so with one missing nothing counts as found. */
async function careless({ cluster, tell }: Trial): Promise<Outcome> {
  const { kafka } = cluster, wide = { sessionTimeoutMs: 60_000 };
  await using desk = await Desk.open(cluster, OPEN);
  const [named, killed] = [desk.name("named"), desk.name("killed")];
  const page = await desk.notebook(), other = await desk.notebook();
  for (const name of ["a", "b", "c", "d", "e"]) {
    await page.run(desk.reading({ group: named, name, fresh: false }));
  }
  await other.run(desk.reading({ group: killed, ...wide }));
  Deno.kill(await other.pid(), "SIGKILL");
  await page.run('new Deno.Command("sleep", { args: ["300"], detached: true }).spawn().unref();');
  const members = await Promise.all([
    memberFaults(kafka, { group: named, wanted: 1 }),
    memberFaults(kafka, { group: killed, wanted: 0 }),
  ]);
  const family = await familyOf(desk.lab.pid);
  await desk.lab.stop();
  const processes = await processFaults(family);
  for (const one of family) await kill(one);
  const found = [...members, processes];
  for (const { detail } of found.flat()) tell(detail);
  return { anomalies: found.every(({ length }) => length > 0) ? found.flat() : [], figures: {} };
}
