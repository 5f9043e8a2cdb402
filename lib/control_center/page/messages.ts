// The Messages tab: what is in the topic, live or from any place.
import { READ_AS, type ReadAs, type RecordLine, type TopicLine } from "../contract.ts";
import { Component, useCallback, useMemo, useState } from "./preact.ts";
import { clock, count, html, many, to, valueOf } from "./parts.ts";
import { readPlace, rememberPlace } from "./place.ts";
import { KEPT, PAGE, type RecordStream, type Row, useRecords, type View } from "./record_stream.ts";
import { Detail, Text } from "./record.ts";
import { type Again, again, Produce } from "./produce.ts";

/** Records of all partitions together that a topic opens with. */
const NEWEST = 50;

type Show = (changes: Partial<View>) => void;

const live = (partitions: number) => ({
  from: `newest:${Math.ceil(NEWEST / Math.max(1, partitions))}`,
  max: undefined,
  order: "newest" as const,
});

const asOf = (name: string | null): ReadAs => READ_AS.find((one) => one === name) ?? "auto";

/** What the address says; how bytes are read is remembered for each topic. */
function firstView(topic: string, partitions: number): View {
  const query = readPlace(location.hash)?.query ?? new URLSearchParams();
  const from = query.get("from");
  const remembered = (name: string) =>
    asOf(query.get(name) ?? localStorage.getItem(`${name} ${topic}`));
  return {
    ...(from ? { from, max: PAGE, order: "oldest" as const } : live(partitions)),
    partition: query.get("partition") ?? "",
    filter: query.get("filter") ?? "",
    until: from ? query.get("until") ?? "" : "",
    keyAs: remembered("keyAs"),
    valueAs: remembered("valueAs"),
    id: 0,
  };
}

function remember(topic: string, view: View): void {
  const { from, until, partition, filter, order } = view;
  rememberPlace({
    from: order === "oldest" ? from : undefined,
    until,
    partition,
    filter,
    open: undefined,
  });
  for (const name of ["keyAs", "valueAs"] as const) {
    const key = `${name} ${topic}`;
    if (view[name] === "auto") localStorage.removeItem(key);
    else localStorage.setItem(key, view[name]);
  }
}

export function Messages({ topic, line }: { readonly topic: string; readonly line: TopicLine }) {
  const partitions = line.end.length;
  const [view, setView] = useState(() => firstView(topic, partitions));
  const [writing, setWriting] = useState<{ readonly again?: Again | undefined }>();
  const stream = useRecords(topic, view, line.end);
  const show: Show = (changes) => {
    const next = { ...view, ...changes, id: view.id + 1 };
    remember(topic, next);
    setView(next);
  };
  const send = useCallback((record: RecordLine) => setWriting({ again: again(record) }), []);
  return html`<section class="card" aria-label="Messages">
    <${Controls} key=${view.id} view=${view} show=${show} partitions=${partitions} write=${() =>
    setWriting({})} />
    <${Bar} stream=${stream} goLive=${() => show(live(partitions))} view=${view} />
    ${stream.error && html`<p class="error" role="alert">${stream.error}</p>`}
    ${stream.notes.map((note) => html`<p class="note" role="status">${note}</p>`)}
    ${
    line.open.map(({ partition, stable }) =>
      html`
        <p class="note"
          role="status">Partition ${partition} stops at offset ${count(
            stable,
          )} for read-committed readers, this page too: a transaction is open there, and ${many(
            (line.end[partition] ?? 0) - stable,
            "offset",
          )} wait behind it.</p>
      `
    )
  }
    <${Rows} topic=${topic} rows=${stream.rows} view=${view} show=${show} send=${send} />
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

function nothing({ state }: RecordStream, { filter }: View, { records, open }: TopicLine): string {
  if (state === "paused") return "Nothing here matches.";
  if (state === "reading") return "Reading …";
  if (filter) return `Waiting for new records that contain “${filter}”.`;
  return records === 0 || open.length === 0
    ? "Waiting for new records."
    : "Waiting for new records: what is there belongs to a transaction that is still open.";
}

interface ControlsProps {
  readonly view: View;
  readonly show: Show;
  readonly partitions: number;
  readonly write: () => void;
}

/** Everything that is chosen here holds when it is shown, all at once. */
function Controls({ view, show, partitions, write }: ControlsProps) {
  const [kind, rest = ""] = view.from.split(":", 2);
  const [jump, setJump] = useState(kind === "newest" || kind === "next" ? "live" : kind!);
  const [at, setAt] = useState(kind === "time" ? local(Number(rest)) : rest || "0");
  const [until, setUntil] = useState(view.until ? local(Number(view.until)) : "");
  const [partition, setPartition] = useState(view.partition);
  const [filter, setFilter] = useState(view.filter);
  const [keyAs, setKeyAs] = useState(view.keyAs);
  const [valueAs, setValueAs] = useState(view.valueAs);
  const go = (event: Event) => {
    event.preventDefault();
    const chosen = { partition, filter, keyAs, valueAs };
    if (jump === "live") {
      return show({ ...live(partition === "" ? partitions : 1), ...chosen, until: "" });
    }
    const from = jump === "begin"
      ? "begin"
      : jump === "offset"
      ? `offset:${at}`
      : `time:${new Date(at).getTime()}`;
    const end = until === "" ? "" : String(new Date(until).getTime());
    show({ from, until: end, max: PAGE, order: "oldest", ...chosen });
  };
  return html`<form class="row" onSubmit=${go}>
    <label>Jump to<select value=${jump} onChange=${(event: Event) => {
    setJump(valueOf(event));
    setAt(valueOf(event) === "time" ? local(Date.now() - 3_600_000) : "0");
  }}>
      <option value="live">end (live)</option><option value="begin">beginning</option>
      <option value="offset">offset</option><option value="time">time</option>
    </select></label>
    ${
    jump === "offset" &&
    html`<label>Offset<input size="9" inputmode="numeric" pattern="[0-9]{1,16}" required value=${at} onInput=${(
      event: Event,
    ) => setAt(valueOf(event))} /></label>`
  }
    ${
    jump === "time" &&
    html`<label>Time<input type="datetime-local" step="1" required value=${at} onInput=${(
      event: Event,
    ) => setAt(valueOf(event))} /></label>`
  }
    ${
    jump !== "live" &&
    html`<label>Up to a time<input type="datetime-local" step="1" value=${until} onInput=${(
      event: Event,
    ) => setUntil(valueOf(event))} /></label>`
  }
    <label>Partition<select value=${partition} onChange=${(event: Event) =>
    setPartition(valueOf(event))}>
      <option value="">all</option>${
    Array.from({ length: partitions }, (_, one) => html`<option value=${one}>${one}</option>`)
  }
    </select></label>
    <label class="grow">Contains<input type="search" maxlength="200" placeholder="text in key, value or header; or vendorId = 2" value=${filter} onInput=${(
    event: Event,
  ) => setFilter(valueOf(event))} /></label>
    <${Reading} name="Keys as" value=${keyAs} set=${setKeyAs} />
    <${Reading} name="Values as" value=${valueAs} set=${setValueAs} />
    <button class="main">Show</button>
    <button type="button" onClick=${write}>Produce</button>
  </form>`;
}

interface ReadingProps {
  readonly name: string;
  readonly value: ReadAs;
  readonly set: (value: ReadAs) => void;
}

function Reading({ name, value, set }: ReadingProps) {
  return html`<label>${name}<select value=${value} onChange=${(event: Event) =>
    set(asOf(valueOf(event)))}>${
    READ_AS.map((one) => html`<option value=${one}>${one === "auto" ? "automatic" : one}</option>`)
  }</select></label>`;
}

const local = (ms: number) =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

interface BarProps {
  readonly stream: RecordStream;
  readonly goLive: () => void;
  readonly view: View;
}

function Bar({ stream, goLive, view }: BarProps) {
  const { state, waiting, seen, unmatched, passed, hollow } = stream;
  const words = state === "live" ? "Live" : state === "paused" ? "Paused" : "Reading";
  return html`<div class="bar">
    <span role="status"><span class=${`dot ${
    state === "live" ? "live" : ""
  }`}></span><b>${words}</b></span>
    ${
    state === "paused"
      ? html`<button onClick=${stream.resume}>Resume</button>
        ${
        waiting > 0 && html`<button onClick=${stream.more}>Next ${Math.min(PAGE, waiting)}</button>
          <span>${count(waiting)} more</span><button onClick=${goLive}>Skip to the end</button>`
      }`
      : html`<button onClick=${stream.pause}>Pause</button>`
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
            isLoud=${row.isLoud} isOpen=${open === row.id} as=${as} toggle=${toggle} send=${send} />
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
    const { record, isOpen, as } = this.props;
    return next.record !== record || next.isOpen !== isOpen || next.as !== as;
  }

  override render() {
    const { id, topic, record, isLoud, isOpen, as, toggle, send } = this.props;
    const { partition, offset, timestamp, key, value } = record;
    return html`
      <tr class=${isLoud ? "record fresh" : "record"}>
        <td>${partition}</td>
        <td><button class="open" aria-expanded=${isOpen} aria-label=${`Offset ${offset} of partition ${partition}`} onClick=${() =>
          toggle(id)}>${offset} ${isOpen ? "▾" : "▸"}</button></td>
        <td>${clock(timestamp)}</td>
        <td class="text">
          <${Text} of=${key} />
        </td>
        <td class="text">
          <${Text} of=${value} />
        </td>
      </tr>
          ${isOpen && html`
            <tr>
              <td class="wide" colspan="5">
                <${Detail} topic=${topic} record=${record} as=${as} send=${send}
                  link=${linkTo(topic, id)} />
              </td>
            </tr>
          `}
    `;
  }
}

const linkTo = (topic: string, id: string) => {
  const [partition, offset] = id.split(" ");
  return `${
    to("topics", topic)
  }?from=offset%3A${offset}&partition=${partition}&open=${partition}.${offset}`;
};
