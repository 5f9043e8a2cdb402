// One record: its key and value on a line, and opened with everything that is known of it.
import { api } from "./address.ts";
import type { Payload, ReadAs, RecordLine } from "../contract.ts";
import { useEffect, useState } from "./preact.ts";
import { ask, count, html, many } from "./parts.ts";
import { again } from "./produce.ts";

/** A key or value on a line. */
export function Text({ of }: { readonly of: Payload }) {
  if (of.kind === "null") return html`<span class="soft">null</span>`;
  if (of.bytes === 0) return html`<span class="soft">empty</span>`;
  return html`<bdi class=${of.kind}>${of.kind === "window" ? interval(of.text) : of.text}</bdi>${
    of.as && html`<span class="soft"> as ${of.as}</span>`
  }${of.cut && html`<span class="soft"> … ${count(of.bytes)} bytes</span>`}`;
}

/** Where an interval does not fit on a line, its end stands below its start. */
function interval(text: string) {
  const at = text.lastIndexOf(", ") + 2;
  return [html`<span>${text.slice(0, at)}</span>`, html`<span>${text.slice(at)}</span>`];
}

/** Characters shown at first, and when somebody asks for more: a page of 64 kB takes a browser seconds to lay out. */
const CHARS = { first: 4_000, more: 16_000, most: 64_000 };

export interface DetailProps {
  readonly topic: string;
  readonly record: RecordLine;
  readonly as: { readonly keyAs: ReadAs; readonly valueAs: ReadAs };
  /** Begins to write it once more. */
  readonly send: (record: RecordLine) => void;
  /** Address of a page that shows this record. */
  readonly link: string;
}

/** Everything of one record, a part of it at a time. */
export function Detail({ topic, record, as, send, link }: DetailProps) {
  const [whole, setWhole] = useState(record);
  const [chars, setChars] = useState(CHARS.first);
  const [isRaw, setRaw] = useState(false);
  const [error, setError] = useState<string>();
  const path = `/topics/${encodeURIComponent(topic)}/records/${record.partition}/${record.offset}`;
  useEffect(() => {
    const query = new URLSearchParams({ max: String(chars), ...as });
    ask<RecordLine>(`${path}?${query}`).then(
      setWhole,
      (failure: Error) => setError(failure.message),
    );
  }, [path, chars, as]);
  const isCut = whole.key.cut || whole.value.cut;
  return html`<div class="detail">
    ${error && html`<p class="error">${error}</p>`}
    <${Part} name="Key" of=${whole.key} raw=${isRaw && whole.raw?.key} path=${api(`${path}/key`)} />
    <${Part} name="Value" of=${whole.value} raw=${isRaw && whole.raw?.value} path=${
    api(`${path}/value`)
  } />
    ${
    whole.headers.length > 0 && html`<b>Headers</b><pre>${
      whole.headers.map(({ name, text }) => `${name}: ${text}\n`)
    }</pre>`
  }
    <div class="row">
      <button onClick=${() => setRaw(!isRaw)}>${isRaw ? "Show decoded" : "Show raw bytes"}</button>
      ${
    isCut && chars < CHARS.most && html`<button onClick=${() =>
      setChars(chars < CHARS.more ? CHARS.more : CHARS.most)}>Show more</button>`
  }
      ${again(record) && html`<button onClick=${() => send(record)}>Send again</button>`}
      <a href=${link}>Link to this record</a>
    </div>
  </div>`;
}

const KINDS: Readonly<Record<Payload["kind"], string>> = {
  json: "JSON",
  text: "text",
  window: "windowed key",
  avro: "Avro",
  protobuf: "Protobuf",
  number: "number",
  bytes: "bytes",
  null: "null",
};

interface PartProps {
  readonly name: string;
  readonly of: Payload;
  readonly raw: string | false | undefined;
  readonly path: string;
}

function Part({ name, of, raw, path }: PartProps) {
  const { schema } = of, rawBytes = raw ? Math.ceil(raw.length / 3) : 0;
  const cut = raw
    ? rawBytes < of.bytes ? ` (the first ${count(rawBytes)})` : ""
    : of.cut
    ? ` (the first ${many(of.text.length, "character")})`
    : "";
  return html`<div><b>${name}</b> <span class="tag">${KINDS[of.kind]}${
    of.as ? `: ${many(of.bytes, "byte")} as ${of.as}` : ""
  }</span> <span class="soft">${many(of.bytes, "byte")}${cut}</span>
      ${
    schema && html`
      <span class="tag">schema id ${schema.id}${schema.version
        ? ` · ${schema.subject} version ${schema.version}`
        : ""}</span>
    `
  }
    ${
    of.bytes > 0 && html`
      <${Copy} text=${raw || of.text} name=${name} />
      <a href=${path} download aria-label=${`Download ${name.toLowerCase()}`}>Download</a>
    `
  }
    ${of.trouble && html`<p class="note">${of.trouble}</p>`}
    <pre tabindex="0" role="region" aria-label=${name}>${raw ? raw : of.text}</pre></div>`;
}

/** Puts what is shown on the clipboard. */
function Copy({ text, name }: { readonly text: string; readonly name: string }) {
  const [said, setSaid] = useState("Copy");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("This browser does not let a page copy"),
    );
  return html`<button class="plain" aria-label=${`${said} ${name.toLowerCase()}`} onClick=${copy}>${said}</button>`;
}
