// The stream of what the cluster is like: for a window, or for the worker that all windows share.
import { api } from "./address.ts";
import type { Snapshot } from "../contract.ts";
import type { Difference } from "../difference.ts";

/** What the shared worker tells a window. */
export type LiveMessage =
  | { readonly now: Snapshot }
  | { readonly change: Difference }
  | { readonly cut: true; readonly isClosed: boolean };

/** Windows that said nothing for so long are gone. */
export const SILENT_MS = 12_000;

/** Follows the cluster until the returned function is called. A window without a worker has a stream of its own. */
export function followLive(tell: (message: LiveMessage) => void): () => void {
  let stream: EventSource | undefined, again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    stream = new EventSource(api("/live"));
    stream.addEventListener("now", ({ data }) => tell({ now: JSON.parse(data) }));
    stream.addEventListener("change", ({ data }) => tell({ change: JSON.parse(data) }));
    stream.onerror = () => {
      const isClosed = stream!.readyState === EventSource.CLOSED;
      tell({ cut: true, isClosed });
      // A server that was started again refuses a stream that goes on.
      if (isClosed) again = setTimeout(open, 1_000);
    };
  };
  open();
  return () => {
    clearTimeout(again);
    stream?.close();
  };
}
