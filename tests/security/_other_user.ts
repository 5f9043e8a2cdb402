/** Another user of this machine: where it can be had, a process with a uid of its own; elsewhere a process of ours. */
import { here } from "../../lib/platform/mod.ts";
import { findPython } from "../../lib/python/mod.ts";

/** Takes a port, answers nothing, and prints what it hears. */
const EAVESDROPPER = `
import socket, sys
server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
server.bind(("::1", int(sys.argv[1])))
server.listen()
print("listens", flush=True)
while True:
    connection, _ = server.accept()
    print(connection.recv(4096), flush=True)
    connection.close()
`;

/** Somebody who waits at [::1] for what a browser sends to "localhost". */
export interface Eavesdropper extends AsyncDisposable {
  /** Ends it. @returns All that it heard. */
  heard(): Promise<string>;
}

/** Starts it, and returns when it has the port; undefined where this machine has no IPv6. */
export async function eavesdropper(port: number): Promise<Eavesdropper | undefined> {
  const python = await findPython();
  const program = [python.command, "-c", EAVESDROPPER, `${port}`];
  const other = ["setpriv", "--reuid", "1234", "--regid", "1234", "--clear-groups"];
  const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;
  // A Python below root's own folder is not for others to run.
  const hasOther = isRoot &&
    (await here.run(other[0]!, [...other.slice(1), python.command, "-V"]))?.success === true;
  const [command, ...args] = hasOther ? [...other, ...program] : program;
  const child = new Deno.Command(command!, { args, stdin: "null", stdout: "piped", stderr: "null" })
    .spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await lines.read();
  let heard = "", ended: Promise<void> | undefined;
  const end = () =>
    ended ??= (async () => {
      kill(child);
      for (let one = await lines.read(); !one.done; one = await lines.read()) heard += one.value;
      await child.status;
    })();
  if (!value?.includes("listens")) return void await end();
  return {
    heard: async () => {
      await end();
      return heard;
    },
    [Symbol.asyncDispose]: end,
  };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended: there is no IPv6 here.
  }
}
