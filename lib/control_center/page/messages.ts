// The Messages tab: what is in the topic, live or from any place.
import {
  type OpenTransactionLine,
  type ReadAs,
  type RecordLine,
  type TopicLine,
} from "../contract.ts";
import { Component, useCallback, useMemo, useState } from "./preact.ts";
import { clock, count, html, many, toRecord, useAnswer } from "./parts.ts";
import { Controls } from "./message_controls.ts";
import { filtersOf, firstView, live, remember, type Show } from "./message_view.ts";
import { readPlace, rememberPlace } from "./place.ts";
import {
  type Fate,
  KEPT,
  PAGE,
  type RecordStream,
  type Row,
  useRecords,
  type View,
} from "./record_stream.ts";
import { Detail, Text } from "./record.ts";
import { type Again, again, Produce } from "./produce.ts";

export function Messages({ topic, line }: { readonly topic: string; readonly line: TopicLine }) {
  const partitions = line.end.length;
  const [view, setView] = useState(() => firstView(topic, partitions));
  const [form, setForm] = useState(0);
  const [writing, setWriting] = useState<{ readonly again?: Again | undefined }>();
  const stream = useRecords(topic, view, line.end);
  const show: Show = (changes) => {
    const next = { ...view, ...changes, id: view.id + 1 };
    remember(topic, next);
    setView(next);
  };
  // The form is made again with what was not chosen in it; after its own choice it stays, and keeps the focus.
  const goTo: Show = (changes) => {
    show(changes);
    setForm(form + 1);
  };
  const send = useCallback((record: RecordLine) => setWriting({ again: again(record) }), []);
  return html`<section class="card" aria-label="Messages">
    <${Controls} key=${form} filters=${
    filtersOf(topic)
  } view=${view} show=${show} partitions=${partitions} write=${() => setWriting({})} />
    <${Bar} stream=${stream} goLive=${() => goTo(live(partitions))} view=${view} />
    ${stream.error && html`<p class="error" role="alert">${stream.error}</p>`}
    ${stream.notes.map((note) => html`<p class="note" role="status">${note}</p>`)}
    ${line.open.length > 0 && html`<${HeldUp} topic=${topic} line=${line} view=${view} />`}
    <${Rows} topic=${topic} rows=${stream.rows} view=${view} show=${goTo} send=${send} />
    ${stream.rows.length === 0 && html`<p class="soft">${nothing(stream, view, line)}</p>`}
    <p class="note">Reads without a consumer group and commits nothing. Keeps ${KEPT} records on the page;
      times are in your time zone.</p>
    ${
    writing && html`
      <${Produce} topic=${topic} partitions=${partitions} again=${writing.again}
        onClose=${() => setWriting(undefined)} />
    `
  }
  </section>`;
}

interface HeldUpProps {
  readonly topic: string;
  readonly line: TopicLine;
  readonly view: View;
}

/** Where read-committed readers wait, and for whom. */
function HeldUp({ topic, line, view }: HeldUpProps) {
  const { value: open = [] } = useAnswer<readonly OpenTransactionLine[]>(
    `/topics/${encodeURIComponent(topic)}/transactions`,
    { everyMs: 5_000 },
  );
  return html`${
    line.open.map(({ partition, stable }) => {
      const [first] = open.filter((one) => one.partition === partition)
        .toSorted((a, b) => a.from - b.from);
      const who = first &&
        ` (of ${first.transactionalId ?? `producer ${first.producer}`}, which wrote there last at ${
          clock(first.lastMs)
        })`;
      return html`
        <p class="note" key=${partition}
          role="status">Partition ${partition} stops at offset ${count(
            stable,
          )} for read-committed readers${view.transactions
            ? ""
            : ", this page too"}: a transaction is open there${who}; ${many(
              (line.end[partition] ?? 0) - stable,
              "offset",
            )} from there to the end.</p>
      `;
    })
  }`;
}

const STATES = {
  live: "Live",
  paused: "Paused",
  stopped: "Not reading",
  reading: "Reading",
} as const;

function nothing({ state }: RecordStream, { filter }: View, { records, open }: TopicLine): string {
  if (state === "stopped") return "";
  if (state === "paused") return "Nothing here matches.";
  if (state === "reading") return "Reading …";
  if (filter) return `Waiting for new records that contain “${filter}”.`;
  return records === 0 || open.length === 0
    ? "Waiting for new records."
    : "Waiting for new records: what is there belongs to a transaction that is still open.";
}

interface BarProps {
  readonly stream: RecordStream;
  readonly goLive: () => void;
  readonly view: View;
}

function Bar({ stream, goLive, view }: BarProps) {
  const { state, waiting, seen, unmatched, passed, hollow } = stream;
  const isStill = state === "paused" || state === "stopped";
  return html`<div class="bar">
    <span role="status"><span class=${`dot ${state === "live" ? "live" : ""}`}></span><b>${
    STATES[state]
  }</b></span>
    <button onClick=${isStill ? stream.resume : stream.pause}>${
    isStill ? "Resume" : "Pause"
  }</button>
    ${
    isStill && waiting > 0 &&
    html`<button onClick=${stream.more}>Next ${Math.min(PAGE, waiting)}</button>
      <span>${count(waiting)} more</span><button onClick=${goLive}>Skip to the end</button>`
  }
    <span class="soft">${many(seen, "record")} read${
    passed > 0 ? `, ${count(passed)} passed over` : ""
  }${unmatched > 0 ? `, ${count(unmatched)} do not match` : ""}${
    hollow > 0
      ? ` · ${many(hollow, "offset")} without a record (transaction markers, aborted, compacted)`
      : ""
  }${" · "}${view.order === "newest" ? "newest first" : "oldest first"}</span>
  </div>`;
}

interface RowsProps {
  readonly topic: string;
  readonly rows: readonly Row[];
  readonly view: View;
  readonly show: Show;
  readonly send: (record: RecordLine) => void;
}

function Rows({ topic, rows, view, show, send }: RowsProps) {
  const [open, setOpen] = useState(() =>
    readPlace(location.hash)?.query.get("open")?.replace(".", " ")
  );
  const toggle = useCallback((id: string) =>
    setOpen((old) => {
      const next = old === id ? undefined : id;
      rememberPlace({ open: next?.replace(" ", ".") });
      return next;
    }), []);
  // The same object as long as nothing of it changes: rows compare it.
  const { keyAs, valueAs } = view;
  const as = useMemo(() => ({ keyAs, valueAs }), [keyAs, valueAs]);
  return html`
    <table class="messages">
      <colgroup>
        <col style=${{ width: "82px" }} />
        <col style=${{ width: "92px" }} />
        <col style=${{ width: "192px" }} />
        <col style=${{ width: "28%" }} />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th>Partition</th>
          <th>Offset</th>
          <th>Timestamp</th>
          <th>Key</th>
          <th>Value</th>
        </tr>
      </thead>
      <tbody>${rows.map((row) =>
        row.gap ? html`<${GapRow} key=${row.id} gap=${row.gap} show=${show} />` : html`
          <${RecordRow} key=${row.id} id=${row.id} topic=${topic} record=${row.record}
            isLoud=${row.isLoud} fate=${row
              .fate} isOpen=${open === row.id} as=${as} toggle=${toggle}
            send=${send} />
        `
      )}</tbody>
    </table>
  `;
}

function GapRow({ gap, show }: { readonly gap: NonNullable<Row["gap"]>; readonly show: Show }) {
  return html`
    <tr class="gap">
      <td class="wide" colspan="5">${many(gap.count, "record")} of partition ${gap
        .partition} not shown
        (offsets ${count(gap.from)} to ${count(gap.to)})
        <button class="plain" onClick=${() =>
          show({
            from: `offset:${gap.from}`,
            partition: String(gap.partition),
            until: "",
            max: PAGE,
            order: "oldest",
          })}>Show them</button></td>
    </tr>
  `;
}

interface RecordRowProps {
  readonly id: string;
  readonly topic: string;
  readonly record: NonNullable<Row["record"]>;
  readonly isLoud: boolean;
  readonly fate: Fate | undefined;
  readonly isOpen: boolean;
  readonly as: { readonly keyAs: ReadAs; readonly valueAs: ReadAs };
  readonly toggle: (id: string) => void;
  readonly send: (record: RecordLine) => void;
}

/**
 * Drawn once: in a burst, hundreds of rows stay as they are while a few are new.
 *
 * A component that says so itself, and never a vnode that is kept and given again: preact copies such a vnode, and the
 * copy's children go on pointing at the table of the render in which they were made, and so at all earlier ones.
 */
class RecordRow extends Component<RecordRowProps> {
  override shouldComponentUpdate(next: RecordRowProps): boolean {
    const { record, fate, isOpen, as } = this.props;
    return next.record !== record || next.fate !== fate || next.isOpen !== isOpen || next.as !== as;
  }

  override render() {
    const { id, topic, record, isLoud, fate, isOpen, as, toggle, send } = this.props;
    const { partition, offset, timestamp, key, value, producer, marker } = record;
    if (marker) {
      return html`
        <tr class=${`record tx ${marker === "commit" ? "committed" : "aborted"} end`}>
          <td>${partition}</td>
          <td>${offset}</td>
          <td>${clock(timestamp)}</td>
          <td class="wide"
            colspan="2"><span aria-hidden="true">◆ </span>${marker === "commit"
              ? "commit"
              : "abort"}: the transaction of producer ${producer} ends</td>
        </tr>
      `;
    }
    return html`
      <tr class=${`record${isLoud ? " fresh" : ""}${fate ? ` tx ${fate}` : ""}`}>
        <td>${partition}</td>
        <td><button class="open" aria-expanded=${isOpen} aria-label=${`Offset ${offset} of partition ${partition}`} onClick=${() =>
          toggle(id)}>${offset} ${isOpen ? "▾" : "▸"}</button></td>
        <td>${clock(timestamp)}</td>
        <td class="text">
          <${Text} of=${key} />
        </td>
        <td class="text">
          <${Text} of=${value} />${fate && html`
            <span class=${fate === "committed" ? "unseen" : "tag bad"}> ${fate}</span>
          `}
        </td>
      </tr>
          ${isOpen && html`
            <tr>
              <td class="wide" colspan="5">
                <${Detail} topic=${topic} record=${record} as=${as} send=${send}
                  link=${toRecord(topic, record)} />
              </td>
            </tr>
          `}
    `;
  }
}
