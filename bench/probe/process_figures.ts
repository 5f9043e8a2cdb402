/** What the system has noted about a process so far. */
export interface ProcessFigures {
  /** Time on a processor, all threads, user and system. */
  readonly cpuSeconds: number;
  /** Most memory it ever had, in MB. */
  readonly peakMb: number;
}

/** Linux counts in hundredths of a second here, whatever its own clock does. */
const TICKS_A_SECOND = 100;

/**
 * Reads the figures of a process; undefined where there is no such process, and on systems without `/proc`.
 *
 * @param pid A process that still runs: the figures go with it.
 */
export async function processFigures(pid: number): Promise<ProcessFigures | undefined> {
  try {
    const [stat, status] = await Promise.all([
      Deno.readTextFile(`/proc/${pid}/stat`),
      Deno.readTextFile(`/proc/${pid}/status`),
    ]);
    const peakMb = peakMbOf(status);
    return peakMb === undefined ? undefined : { cpuSeconds: cpuSecondsOf(stat), peakMb };
  } catch {
    return undefined;
  }
}

/**
 * The processor time in `/proc/PID/stat`.
 *
 * @see proc_pid_stat(5): fields 14 and 15, counted after the name, which may hold spaces and parentheses.
 */
export function cpuSecondsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** `VmHWM` of `/proc/PID/status`, in MB; undefined for a process that has ended and has no memory any more. */
export function peakMbOf(status: string): number | undefined {
  const kilobytes = status.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
