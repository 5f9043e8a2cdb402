// Records of a topic as they come: pause keeps the place, resume goes on exactly there.
import { api } from "./address.ts";
import type { Gap, ReadAs, RecordLine, RecordsPart } from "../contract.ts";
import { useEffect, useLayoutEffect, useRef, useState } from "./preact.ts";
import { openStream, WAITS } from "./stream_slots.ts";

/** Records kept on the page. */
export const KEPT = 300;
/** Records read at a time when not following the end. */
export const PAGE = 100;
/** Ends of transactions kept on the page: more than there are rows, so that each row finds its own. */
const MARKERS = 2_000;
/** More new rows at once than this come in quietly: at twenty records a second their animations would never end. */
const LOUD = 2;

/** What somebody wants to see of a topic. */
export interface View {
  /** As the server reads it: `live`, `begin`, `offset:7`, `time:…`, `newest:50`. */
  readonly from: string;
  readonly partition: string;
  readonly filter: string;
  /** Epoch ms at which reading ends; empty: it does not. */
  readonly until: string;
  /** Also open and aborted records, and the markers that end transactions. */
  readonly transactions: boolean;
  readonly keyAs: ReadAs;
  readonly valueAs: ReadAs;
  readonly order: "newest" | "oldest";
  readonly max?: number | undefined;
  /** A new one begins again. */
  readonly id: number;
}

/** What a record's transaction came to. */
export type Fate = "open" | "committed" | "aborted";

/** A line of the Messages tab. */
export type Row =
  | {
    readonly id: string;
    readonly record: RecordLine;
    readonly isLoud: boolean;
    /** Of its transaction, as far as its end was read. */
    readonly fate?: Fate;
    readonly gap?: undefined;
  }
  | { readonly id: string; readonly gap: Gap; readonly record?: undefined };

/** What has come so far. */
export interface Got {
  readonly rows: readonly Row[];
  /** Ends of transactions that were read: they tell what became of the records before them. */
  readonly markers: readonly RecordLine[];
  readonly next: string | undefined;
  readonly at: "behind" | "live";
  readonly seen: number;
  readonly unmatched: number;
  /** Read and passed over: too many at once. */
  readonly passed: number;
  readonly hollow: number;
  readonly notes: readonly string[];
  readonly error?: string | undefined;
}

/** Before anything came. */
export const BEGIN: Got = {
  rows: [],
  markers: [],
  next: undefined,
  at: "behind",
  seen: 0,
  unmatched: 0,
  passed: 0,
  hollow: 0,
  notes: [],
};

/** What {@linkcode useRecords} gives. */
export interface RecordStream extends Got {
  /** `stopped`: see `error`. */
  readonly state: "paused" | "stopped" | "live" | "reading";
  /** Records between where reading stands and the ends of the partitions. */
  readonly waiting: number;
  pause(): void;
  resume(): void;
  more(): void;
}

/** Follows a topic. */
export function useRecords(
  topic: string,
  view: View,
  ends: readonly (number | null)[],
): RecordStream {
  const [got, setGot] = useState(BEGIN);
  const [isPaused, setPaused] = useState(false);
  // What is read now: a new object opens a new stream.
  const [reading, setReading] = useState({ from: view.from, max: view.max });
  const [isHidden, setHidden] = useState(document.hidden);
  const place = useRef<string | undefined>(undefined);
  place.current = got.next;

  // Before anything is drawn or pressed: rows of another view would stand below this one's words.
  useLayoutEffect(() => {
    setGot(BEGIN);
    setPaused(false);
    setReading({ from: view.from, max: view.max });
  }, [view.id]);
  useEffect(() => {
    const turned = () => {
      setHidden(document.hidden);
      if (!document.hidden) setReading((old) => ({ ...old, from: place.current ?? old.from }));
    };
    document.addEventListener("visibilitychange", turned);
    return () => document.removeEventListener("visibilitychange", turned);
  }, []);
  useEffect(() => {
    if (isPaused || isHidden) return;
    const failed = (error?: string) => setGot((old) => ({ ...old, error }));
    return openStream(() => {
      failed();
      const stream = new EventSource(
        api(`/topics/${encodeURIComponent(topic)}/records?${queryOf(view, reading)}`),
      );
      stream.addEventListener("records", ({ data }) => {
        const part = JSON.parse(data) as RecordsPart;
        setGot((old) => add(old, part, view.order));
        if (part.at !== "held") return;
        stream.close();
        setPaused(true);
      });
      stream.addEventListener("failed", ({ data }) => {
        failed(JSON.parse(data).message);
        stream.close();
      });
      // The server refuses in words that an event stream cannot carry.
      stream.onerror = () => {
        if (stream.readyState !== EventSource.CLOSED) return;
        failed(
          "These records cannot be read: is the topic still there, and are not eight topics " +
            "followed already?",
        );
      };
      return () => stream.close();
    }, () => failed(WAITS));
  }, [topic, view.id, reading, isPaused, isHidden]);

  const goOn = (max: number | undefined) => {
    setReading({ from: got.next ?? view.from, max });
    setPaused(false);
  };
  const follows = view.max === undefined;
  return {
    ...got,
    state: isPaused
      ? "paused"
      : got.error
      ? "stopped"
      : got.at === "live" || (follows && got.seen === 0)
      ? "live"
      : "reading",
    waiting: waiting(got.next, ends),
    pause: () => setPaused(true),
    resume: () => goOn(undefined),
    more: () => goOn(PAGE),
  };
}

function queryOf(
  { partition, filter, until, transactions, keyAs, valueAs }: View,
  { from, max }: { readonly from: string; readonly max?: number | undefined },
): URLSearchParams {
  const query = new URLSearchParams({ from });
  if (max) query.set("max", String(max));
  if (partition !== "") query.set("partition", partition);
  if (filter) query.set("filter", filter);
  if (until) query.set("until", until);
  if (transactions) query.set("transactions", "1");
  if (keyAs !== "auto") query.set("keyAs", keyAs);
  if (valueAs !== "auto") query.set("valueAs", valueAs);
  return query;
}

/**
 * Puts a part to what has come; keeps the {@link KEPT} newest, or last, lines.
 *
 * @param order Which end of the list is the beginning.
 */
export function add(old: Got, part: RecordsPart, order: View["order"]): Got {
  const { records, gaps, next, at, unmatched, hollow, notes } = part;
  const isLoud = records.length <= LOUD;
  const fresh: Row[] = [
    ...gaps.map((gap) => ({ gap, id: `gap ${gap.partition} ${gap.from}` })),
    ...records.toSorted((a, b) =>
      a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset
    ).map((record) => ({ record, isLoud, id: `${record.partition} ${record.offset}` })),
  ];
  const ends = records.filter(({ marker }) => marker);
  const markers = ends.length > 0 ? [...old.markers, ...ends].slice(-MARKERS) : old.markers;
  const joined = order === "newest" ? [...fresh.reverse(), ...old.rows] : [...old.rows, ...fresh];
  const rows = joined.map((row) => withFate(row, markers));
  const passed = gaps.reduce((sum, gap) => sum + gap.count, 0);
  return {
    markers,
    rows: order === "newest" ? rows.slice(0, KEPT) : rows.slice(-KEPT),
    next,
    at: at === "held" ? "behind" : at,
    seen: old.seen + records.length - ends.length + passed + unmatched,
    unmatched: old.unmatched + unmatched,
    passed: old.passed + passed,
    hollow: old.hollow + hollow,
    notes: [...old.notes, ...notes].slice(0, 5),
  };
}

/** A row whose transaction was not known to have ended; the same object where there is nothing new to say. */
function withFate(row: Row, markers: readonly RecordLine[]): Row {
  const { record } = row;
  if (!record?.producer || record.marker || (row.fate ?? "open") !== "open") return row;
  const end = markers.find((one) =>
    one.partition === record.partition && one.producer === record.producer &&
    one.offset > record.offset
  );
  const fate: Fate = end ? end.marker === "commit" ? "committed" : "aborted" : "open";
  return fate === row.fate ? row : { ...row, fate };
}

/** Records between where reading stands and the ends of the partitions. */
export function waiting(next: string | undefined, ends: readonly (number | null)[]): number {
  if (next === undefined) return 0;
  return next.replace("next:", "").split("_").reduce((sum, pair) => {
    const [partition = 0, offset = 0] = pair.split(".").map(Number);
    return sum + Math.max(0, (ends[partition] ?? 0) - offset);
  }, 0);
}
