// What the cluster is like now, kept up to date. All windows of a browser share one stream: browsers allow six
// connections to one server, and the records of a topic need one for each window.
import type { Snapshot } from "../contract.ts";
import { applied } from "../difference.ts";
import { followLive, type LiveMessage, SILENT_MS } from "./live_stream.ts";
import { useEffect, useState } from "./preact.ts";

function followShared(tell: (message: LiveMessage) => void): () => void {
  if (typeof SharedWorker === "undefined") return followLive(tell);
  let stop: (() => void) | undefined;
  const worker = new SharedWorker(new URL("./live_worker.ts", import.meta.url), {
    type: "module",
    name: "live",
  });
  const { port } = worker;
  port.onmessage = ({ data }) => tell(data);
  worker.onerror = () => stop ??= followLive(tell);
  port.start();
  port.postMessage("here");
  const beat = setInterval(() => port.postMessage("here"), SILENT_MS / 4);
  return () => {
    clearInterval(beat);
    port.postMessage("gone");
    port.close();
    stop?.();
  };
}

/** The newest snapshot. A hidden window asks for nothing. */
export function useLive(): { readonly now: Snapshot | undefined; readonly isCut: boolean } {
  const [now, setNow] = useState<Snapshot>();
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    let stop: (() => void) | undefined;
    const tell = (message: LiveMessage) => {
      setCut("cut" in message);
      if ("now" in message) setNow(message.now);
      if ("change" in message) setNow((old) => old && applied(old, message.change));
    };
    const open = () => {
      stop?.();
      stop = document.hidden ? undefined : followShared(tell);
    };
    open();
    document.addEventListener("visibilitychange", open);
    return () => {
      stop?.();
      document.removeEventListener("visibilitychange", open);
    };
  }, []);
  return { now, isCut };
}
