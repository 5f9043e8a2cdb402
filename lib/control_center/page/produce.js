// Writes one record, checked before it is sent.
import { useState } from "./vendor/hooks.mjs";
import { change, Dialog, html } from "./parts.js";

const FORMATS = [["json", "JSON"], ["text", "text"], ["avro", "Avro, newest schema"]];

export function Produce({ topic, partitions, onClose }) {
  const [isNull, setNull] = useState(false);
  const send = ({ value, ...fields }) =>
    change("/topics/produce", { topic, ...fields, value: isNull ? null : value });
  const format = (name) =>
    html`<label>Format<select name=${name}>
    ${
      FORMATS.map(([value, words]) => html`<option value=${value}>${words}</option>`)
    }</select></label>`;
  return html`<${Dialog} title=${`Produce to ${topic}`} send="Send" onSend=${send} onClose=${onClose}>
    <label>Key (empty: no key)<input name="key" autocomplete="off" spellcheck="false" /></label>
    ${format("keyFormat")}
    <label>Value<textarea name="value" spellcheck="false" disabled=${isNull}>{"number": 1}</textarea></label>
    <label class="tick"><input type="checkbox" checked=${isNull} onChange=${(event) =>
    setNull(event.target.checked)} /> null (a tombstone)</label>
    ${format("valueFormat")}
    <label>Partition<select name="partition"><option value="">chosen by the key</option>
      ${
    Array.from({ length: partitions }, (_, one) => html`<option value=${one}>${one}</option>`)
  }</select></label>
  </${Dialog}>`;
}
