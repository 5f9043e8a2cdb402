// The Messages tab: what is in the topic, live or from any place.
import { useCallback, useMemo, useState } from "./vendor/hooks.mjs";
import { ask, clock, count, html, many } from "./parts.js";
import { KEPT, PAGE, useRecords } from "./record_stream.js";
import { Produce } from "./produce.js";

const LIVE = { from: "live", max: undefined, order: "newest" };

export function Messages({ topic, line }) {
  const [view, setView] = useState({ ...LIVE, partition: "", filter: "", id: 0 });
  const [isWriting, setWriting] = useState(false);
  const stream = useRecords(topic, view, line.end);
  const show = (changes) => setView((old) => ({ ...old, ...changes, id: old.id + 1 }));
  return html`<section class="card" aria-label="Messages">
    <${Controls} view=${view} show=${show} partitions=${line.end.length} write=${() =>
    setWriting(true)} />
    <${Bar} stream=${stream} show=${show} view=${view} />
    ${stream.error && html`<p class="error" role="alert">${stream.error}</p>`}
    <${Rows} topic=${topic} rows=${stream.rows} show=${show} />
    ${
    stream.rows.length === 0 && html`<p class="soft">${
      stream.state === "live"
        ? `Waiting for new records${
          view.filter ? ` that contain “${view.filter}”` : ""
        }. To see older ones, jump to the beginning.`
        : stream.state === "paused"
        ? "Nothing here matches."
        : "Reading …"
    }</p>`
  }
    <p class="note">Reads without a consumer group and commits nothing. Keeps ${KEPT} records on the page,
      cuts what it shows of one at 64 kB; times are in your time zone.</p>
    ${
    isWriting && html`<${Produce} topic=${topic} partitions=${line.end.length} onClose=${() =>
      setWriting(false)} />`
  }
  </section>`;
}

function Controls({ view, show, partitions, write }) {
  const [jump, setJump] = useState("live");
  const [at, setAt] = useState("0");
  const [filter, setFilter] = useState("");
  const go = (event) => {
    event?.preventDefault();
    if (jump === "live") return show({ ...LIVE, filter });
    const time = new Date(at).getTime();
    const from = jump === "begin"
      ? "begin"
      : jump === "offset"
      ? `offset:${at}`
      : `time:${Number.isNaN(time) ? 0 : time}`;
    show({ from, max: PAGE, order: "oldest", filter });
  };
  return html`<form class="row" onSubmit=${go}>
    <label>Jump to<select value=${jump} onChange=${(event) => {
    setJump(event.target.value);
    setAt(event.target.value === "time" ? local(Date.now() - 3_600_000) : "0");
  }}>
      <option value="live">end (live)</option><option value="begin">beginning</option>
      <option value="offset">offset</option><option value="time">time</option>
    </select></label>
    ${
    jump === "offset" &&
    html`<label>Offset<input size="9" inputmode="numeric" pattern="[0-9]+" required value=${at} onInput=${(
      event,
    ) => setAt(event.target.value)} /></label>`
  }
    ${
    jump === "time" &&
    html`<label>Time<input type="datetime-local" step="1" required value=${at} onInput=${(event) =>
      setAt(event.target.value)} /></label>`
  }
    <label>Partition<select value=${view.partition} onChange=${(event) =>
    show({ partition: event.target.value })}>
      <option value="">all</option>${
    Array.from({ length: partitions }, (_, one) => html`<option value=${one}>${one}</option>`)
  }
    </select></label>
    <label class="grow">Contains<input type="search" maxlength="200" placeholder="plain text in key, value or header" value=${filter} onInput=${(
    event,
  ) => setFilter(event.target.value)} /></label>
    <button class="main">Show</button>
    <button type="button" onClick=${write}>Produce</button>
  </form>`;
}

const local = (ms) =>
  new Date(ms - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

function Bar({ stream, show, view }) {
  const { state, waiting, seen, unmatched } = stream;
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
          <span>${count(waiting)} more</span><button onClick=${() =>
          show(LIVE)}>Skip to the end</button>`
      }`
      : html`<button onClick=${stream.pause}>Pause</button>`
  }
    <span class="soft">${many(seen, "record")} read${
    unmatched > 0 ? `, ${count(unmatched)} do not match` : ""
  }${" · "}${view.order === "newest" ? "newest first" : "oldest first"}</span>
  </div>`;
}

function Rows({ topic, rows, show }) {
  const [open, setOpen] = useState();
  const toggle = useCallback((id) => setOpen((old) => old === id ? undefined : id), []);
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
      <tbody>${rows.map(({ id, record, gap }) =>
        gap
          ? html`
            <tr class="gap" key=${id}>
              <td class="wide" colspan="5">${many(gap.count, "record")} of partition ${gap
                .partition} not shown
                      (offsets ${count(gap.from)} to ${count(gap.to)})
                      <button class="plain" onClick=${() =>
                        show({
                          from: `offset:${gap.from}`,
                          partition: String(gap.partition),
                          max: PAGE,
                          order: "oldest",
                        })}>Show them</button></td>
            </tr>
          `
          : html`
            <${Row} key=${id} id=${id} topic=${topic} record=${record} isOpen=${open === id}
              toggle=${toggle} />
          `
      )}</tbody>
    </table>
  `;
}

/** Drawn once: in a burst, hundreds of rows stay as they are while a few are new. */
function Row({ id, topic, record, isOpen, toggle }) {
  return useMemo(() => drawn({ id, topic, record, isOpen, toggle }), [record, isOpen]);
}

function drawn({ id, topic, record, isOpen, toggle }) {
  const { partition, offset, timestamp, key, value } = record;
  return html`
    <tr class="fresh">
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
              <${Detail} topic=${topic} record=${record} />
            </td>
          </tr>
        `}
  `;
}

function Text({ of }) {
  if (of.kind === "null") return html`<span class="soft">null</span>`;
  if (of.bytes === 0) return html`<span class="soft">empty</span>`;
  return html`<bdi class=${of.kind}>${of.kind === "window" ? interval(of.text) : of.text}</bdi>${
    of.cut && html`<span class="soft"> … ${count(of.bytes)} bytes</span>`
  }`;
}

/** Where an interval does not fit on a line, its end stands below its start. */
function interval(text) {
  const at = text.lastIndexOf(", ") + 2;
  return [html`<span>${text.slice(0, at)}</span>`, html`<span>${text.slice(at)}</span>`];
}

function Detail({ topic, record }) {
  const [whole, setWhole] = useState(record);
  const [isRaw, setRaw] = useState(false);
  const [error, setError] = useState();
  const load = () =>
    ask(`/topics/${encodeURIComponent(topic)}/records/${record.partition}/${record.offset}`)
      .then(setWhole, (failure) => setError(failure.message));
  if (whole === record && !error) load();
  return html`<div class="detail">
    ${error && html`<p class="error">${error}</p>`}
    <${Part} name="Key" of=${whole.key} raw=${isRaw && whole.raw?.key} />
    <${Part} name="Value" of=${whole.value} raw=${isRaw && whole.raw?.value} />
    ${
    whole.headers.length > 0 && html`<b>Headers</b><pre>${
      whole.headers.map(({ name, text }) => `${name}: ${text}\n`)
    }</pre>`
  }
    <button onClick=${() => setRaw(!isRaw)}>${isRaw ? "Show decoded" : "Show raw bytes"}</button>
  </div>`;
}

const KINDS = {
  json: "JSON",
  text: "text",
  window: "windowed key",
  avro: "Avro",
  number: "number",
  bytes: "bytes",
  null: "null",
};

function Part({ name, of, raw }) {
  const { schema } = of;
  return html`<div><b>${name}</b> <span class="tag">${KINDS[of.kind]}</span> <span class="soft">${
    many(of.bytes, "byte")
  }
      ${of.cut ? " (cut)" : ""}</span>
    ${
    schema && html`
      <span class="tag">schema id ${schema.id}${schema.version
        ? ` · ${schema.subject} version ${schema.version}`
        : ""}</span>
    `
  }
    ${of.trouble && html`<p class="note">${of.trouble}</p>`}
    <pre>${raw ? raw : of.text}</pre></div>`;
}
