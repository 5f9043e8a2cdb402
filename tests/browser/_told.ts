import type { Page } from "npm:playwright-core@1.65.1";
import type {
  GroupLine,
  RecordLine,
  RecordsPart,
  Snapshot,
  TopicLine,
} from "../../lib/control_center/contract.ts";

/** Puts streams that a test speaks through in the place of the server's: what a page is told, and when, is the test's. */
export async function tellsInstead(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const streams: (EventTarget & { readonly url: string })[] = [];
    class Told extends EventTarget {
      static readonly CLOSED = 2;
      readonly readyState = 1;
      constructor(readonly url: string) {
        super();
        streams.push(this);
      }
      close() {
        streams.splice(streams.indexOf(this), 1);
      }
    }
    // Without a worker, a window has a stream of its own.
    Object.assign(globalThis, { EventSource: Told, SharedWorker: undefined, streams });
  });
}

/** Tells it through the stream whose address has this in it, as soon as there is one. */
async function tell(page: Page, where: string, event: string, data: unknown): Promise<void> {
  await page.waitForFunction(
    ({ where, event, data }) => {
      const { streams } = globalThis as unknown as {
        readonly streams: readonly (EventTarget & { readonly url: string })[];
      };
      const stream = streams.find(({ url }) => url.includes(where));
      return stream?.dispatchEvent(new MessageEvent(event, { data }));
    },
    { where, event, data: JSON.stringify(data) },
  );
}

/** Tells what the cluster is like now. */
export const tellNow = (page: Page, now: Snapshot): Promise<void> =>
  tell(page, "/live", "now", now);

/** Tells records of a topic. */
export const tellRecords = (page: Page, records: readonly RecordLine[]): Promise<void> =>
  tell(
    page,
    "/records?",
    "records",
    {
      ...{ records, gaps: [], unmatched: 0, hollow: 0, notes: [], next: "next:0.0", at: "live" },
    } satisfies RecordsPart,
  );

/** A healthy cluster of one broker with these topics and groups. */
export const cluster = (
  of: Partial<Pick<Snapshot, "topics" | "groups" | "lost">> = {},
): Snapshot => ({
  ...{ server: "told", atMs: 0, kafkaTrouble: null, registryTrouble: null, missingRight: null },
  ...{ brokers: [{ broker: 1, address: "localhost:1", bytes: null }], controller: 1 },
  ...{ topics: [], groups: [], lost: [], apps: [] },
  where: { kafka: "localhost:1", clusterId: null, registry: "http://localhost:1", software: null },
  ...of,
});

/** A topic of one partition that ends at this offset. */
export const topicLine = (topic: string, end: number): TopicLine => ({
  ...{ topic, offsets: end, records: null, bytes: null, replicas: 1, weak: 0, internal: false },
  ...{ begin: [0], end: [end], open: [], leaders: [1], copies: [[1]], inSync: [[1]] },
});

/** A group that nobody is in, this far behind. */
export const groupLine = (group: string, lag: number): GroupLine => ({
  ...{ group, protocol: "classic", state: "Empty", members: [], lag },
  lags: [{ topic: "demo_1", partition: 0, committed: 0, end: lag, lag, member: null }],
});

/** A record of partition 0 with its offset for a value. */
export function recordLine(offset: number): RecordLine {
  const text = (text: string) => ({ kind: "text" as const, text, bytes: text.length, cut: false });
  return {
    ...{ partition: 0, offset, timestamp: offset, headers: [] },
    ...{ key: text("k"), value: text(`record ${offset}`) },
  };
}
