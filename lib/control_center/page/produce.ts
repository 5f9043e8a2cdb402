// Writes one record, checked before it is sent; shows where its key leads.
import { partitionForKey } from "../../serde/mod.ts";
import type { Payload, RecordLine } from "../contract.ts";
import { useState } from "./preact.ts";
import { change, count, Dialog, html, many, valueOf } from "./parts.ts";

const FORMATS = [["text", "text"], ["json", "JSON"], ["avro", "Avro, newest schema"]] as const;

export interface ProduceProps {
  readonly topic: string;
  readonly partitions: number;
  /** A record to begin with. */
  readonly again?: Again | undefined;
  readonly onClose: () => void;
}

/** What the fields of this dialog begin with. */
export interface Again {
  readonly key: string;
  readonly keyFormat: string;
  /** Null: a tombstone. */
  readonly value: string | null;
  readonly valueFormat: string;
  readonly headers: string;
}

const NEW: Again = {
  key: "",
  keyFormat: "text",
  value: '{"number": 1}',
  valueFormat: "json",
  headers: "",
};

/** A record as this dialog would write it again; undefined where that would be another one: it is cut, or no text. */
export function again({ key, value, headers }: RecordLine): Again | undefined {
  const format = ({ kind, cut }: Payload) =>
    cut ? undefined : kind === "avro" ? "avro" : kind === "text" || kind === "json" ? "text" : kind;
  const keyFormat = key.kind === "null" ? "text" : format(key);
  const valueFormat = value.kind === "null" ? "text" : format(value);
  const known = FORMATS.map(([name]) => name as string);
  if (!keyFormat || !valueFormat || !known.includes(keyFormat) || !known.includes(valueFormat)) {
    return undefined;
  }
  return {
    key: key.kind === "null" ? "" : key.text,
    keyFormat,
    value: value.kind === "null" ? null : value.text,
    valueFormat,
    headers: headers.map(({ name, text }) => `${name}: ${text}`).join("\n"),
  };
}

interface Sent {
  readonly partition: number;
  readonly offset: number;
}

export function Produce({ topic, partitions, again: first = NEW, onClose }: ProduceProps) {
  const [isNull, setNull] = useState(first.value === null);
  const [key, setKey] = useState(first.key);
  const [keyFormat, setKeyFormat] = useState(first.keyFormat);
  const [chosen, setChosen] = useState("");
  const [sent, setSent] = useState<Sent>();
  const send = async ({ value, ...fields }: Record<string, string>) => {
    setSent(await change("/topics/produce", { topic, ...fields, value: isNull ? null : value }));
    return false;
  };
  const format = (words: string, name: string, first: string, set?: (value: string) => void) =>
    html`<label>${words}<select name=${name} defaultValue=${first} onChange=${(event: Event) =>
      set?.(valueOf(event))}>
    ${
      FORMATS.map(([value, words]) =>
        html`<option value=${value} selected=${value === first}>${words}</option>`
      )
    }</select></label>`;
  const cancel = sent ? "Close" : "Cancel";
  return html`
    <${Dialog} title=${`Produce to ${topic}`} send="Send" cancel=${cancel} onSend=${send}
      onClose=${onClose}>
        <label>Key (empty: no key)<input name="key" defaultValue=${first
          .key} autocomplete="off" spellcheck=${false} onInput=${(
          event: Event,
        ) => setKey(valueOf(event))} /></label>
        ${format("Key written as", "keyFormat", first.keyFormat, setKeyFormat)}
        <label>Value<textarea name="value" spellcheck=${false} disabled=${isNull}>${first.value ??
          ""}</textarea></label>
        <label class="tick"><input type="checkbox" checked=${isNull} onChange=${(event: Event) =>
          setNull((event.target as HTMLInputElement).checked)} /> null (a tombstone)</label>
        ${format("Value written as", "valueFormat", first.valueFormat)}
        <label>Headers, one a line as name: text<textarea name="headers" rows="2" class="short" spellcheck=${false}>${first
          .headers}</textarea></label>
        <label>Partition<select name="partition" onChange=${(event: Event) =>
          setChosen(valueOf(event))}>
          <option value="">chosen by the key</option>
          ${Array.from(
            { length: partitions },
            (_, one) => html`<option value=${one}>${one}</option>`,
          )}</select></label>
        <${Way} of=${{ key, format: keyFormat, chosen, partitions, sent }} />
        <p role="status">${sent &&
          html`Written to <b>partition ${sent.partition}, offset ${count(sent.offset)}</b>.`}</p>
      </${Dialog}>
  `;
}

interface WayOf {
  readonly key: string;
  readonly format: string;
  readonly chosen: string;
  readonly partitions: number;
  readonly sent: Sent | undefined;
}

/** Lanes above this many are not drawn. */
const LANES = 24;

/** Which partition a key goes to, and why: hash of its bytes, modulo the number of partitions. */
function Way({ of: { key, format, chosen, partitions, sent } }: { readonly of: WayOf }) {
  const bytes = new TextEncoder().encode(key);
  const isKnown = key !== "" && format !== "avro";
  const partition = chosen !== ""
    ? Number(chosen)
    : isKnown
    ? partitionForKey(bytes, partitions)
    : undefined;
  const words = chosen !== ""
    ? `You have chosen partition ${chosen}: the key does not matter.`
    : key === ""
    ? "No key: the producer spreads such records over all partitions."
    : format === "avro"
    ? "The hash is that of the Avro bytes, which begin with the schema's id."
    : `murmur2 of ${
      many(bytes.length, "byte")
    }, mod ${partitions} = partition ${partition}: equal keys always go there.`;
  return html`
    <p class="note" role="status">${words}</p>
    ${partitions <= LANES && html`
      <ol class="way" aria-hidden="true">${Array.from(
        { length: partitions },
        (_, at) =>
          html`<li class=${at === partition ? "on" : ""}>${at}${
            sent?.partition === at ? html`<b>${sent.offset}</b>` : ""
          }</li>`,
      )}</ol>
    `}
  `;
}
