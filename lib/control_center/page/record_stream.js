// Records of a topic as they come: pause keeps the place, resume goes on exactly there.
import { useEffect, useRef, useState } from "./vendor/hooks.mjs";

/** Records kept on the page. */
export const KEPT = 300;
/** Records read at a time when not following the end. */
export const PAGE = 100;

const BEGIN = { rows: [], next: undefined, at: "behind", seen: 0, unmatched: 0, error: undefined };

/**
 * Follows a topic. `view`: { from, partition, filter, max, order, id }; a new `id` begins anew.
 * Gives { rows, state, seen, waiting, pause, resume, more }.
 */
export function useRecords(topic, view, ends) {
  const [got, setGot] = useState(BEGIN);
  const [isPaused, setPaused] = useState(false);
  // What is read now: a new object opens a new stream.
  const [reading, setReading] = useState({ from: view.from, max: view.max });
  const [isHidden, setHidden] = useState(document.hidden);
  const place = useRef();
  place.current = got.next;

  useEffect(() => {
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
    const query = new URLSearchParams({ from: reading.from });
    if (reading.max) query.set("max", reading.max);
    if (view.partition !== "") query.set("partition", view.partition);
    if (view.filter) query.set("filter", view.filter);
    const stream = new EventSource(`/api/topics/${encodeURIComponent(topic)}/records?${query}`);
    stream.addEventListener("records", ({ data }) => {
      const part = JSON.parse(data);
      setGot((old) => add(old, part, view.order));
      if (part.at !== "held") return;
      stream.close();
      setPaused(true);
    });
    stream.addEventListener("failed", ({ data }) => {
      setGot((old) => ({ ...old, error: JSON.parse(data).message }));
      stream.close();
    });
    return () => stream.close();
  }, [topic, view.id, reading, isPaused, isHidden]);

  const goOn = (max) => {
    setReading({ from: got.next ?? view.from, max });
    setPaused(false);
  };
  return {
    ...got,
    state: isPaused ? "paused" : got.at === "live" || view.from === "live" ? "live" : "reading",
    waiting: waiting(got.next, ends),
    pause: () => setPaused(true),
    resume: () => goOn(undefined),
    more: () => goOn(PAGE),
  };
}

function add(old, { records, gaps, next, at, unmatched }, order) {
  const fresh = [
    ...gaps.map((gap) => ({ gap, id: `gap ${gap.partition} ${gap.from}` })),
    ...records.sort((a, b) =>
      a.timestamp - b.timestamp || a.partition - b.partition || a.offset - b.offset
    )
      .map((record) => ({ record, id: `${record.partition} ${record.offset}` })),
  ];
  const rows = order === "newest" ? [...fresh.reverse(), ...old.rows] : [...old.rows, ...fresh];
  const passed = gaps.reduce((sum, gap) => sum + gap.count, 0);
  return {
    rows: order === "newest" ? rows.slice(0, KEPT) : rows.slice(-KEPT),
    next,
    at: at === "held" ? "behind" : at,
    seen: old.seen + records.length + passed + unmatched,
    unmatched: old.unmatched + unmatched,
    error: undefined,
  };
}

/** Records between where reading stands and the ends of the partitions. */
function waiting(next, ends) {
  if (next === undefined) return 0;
  return next.replace("next:", "").split("_").reduce((sum, pair) => {
    const [partition, offset] = pair.split(".").map(Number);
    return sum + Math.max(0, (ends[partition] ?? 0) - offset);
  }, 0);
}
