// Runs once for all windows of a browser: one stream, told to each of them.
import { applied } from "../difference.ts";
import type { Snapshot } from "../contract.ts";
import { followLive, type LiveMessage, SILENT_MS } from "./live_stream.ts";

/** A window's end of the line. */
interface Port {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: LiveMessage): void;
}

const heardMs = new Map<Port, number>();
let stop: (() => void) | undefined;
/** What all windows know: a new one begins there. */
let newest: Snapshot | undefined;

function tell(message: LiveMessage): void {
  if ("now" in message) newest = message.now;
  if ("change" in message) newest = newest && applied(newest, message.change);
  for (const port of heardMs.keys()) port.postMessage(message);
}

function forget(port: Port): void {
  heardMs.delete(port);
  if (heardMs.size > 0) return;
  stop?.();
  stop = undefined;
  newest = undefined;
}

setInterval(() => {
  for (const [port, ms] of heardMs) if (Date.now() - ms > SILENT_MS) forget(port);
}, SILENT_MS / 4);

Object.assign(globalThis, {
  onconnect: ({ ports: [port] }: { readonly ports: readonly Port[] }) => {
    port!.onmessage = ({ data }) => {
      if (data === "gone") return forget(port!);
      if (!heardMs.has(port!) && newest) port!.postMessage({ now: newest });
      heardMs.set(port!, Date.now());
      stop ??= followLive(tell);
    };
  },
});
