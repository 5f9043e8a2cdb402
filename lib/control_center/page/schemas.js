// Subjects of the registry, and the mode that guards them.
import { useState } from "./vendor/hooks.mjs";
import { change, Head, html, to, useAnswer } from "./parts.js";

export const MODES = [
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
  "NONE",
];

export function Schemas({ now }) {
  const { value, error } = useAnswer("/schemas", Math.floor(now.atMs / 5000));
  return html`<${Head} title="Schemas">${
    value && html`<span class="tag">global mode: ${value.mode}</span>`
  }</${Head}>
    <section class="card">
      ${error && html`<p class="error">${error}</p>`}
      <div class="scroll"><table class="stack">
        <thead><tr><th>Subject</th><th>Name</th><th class="num">Versions</th><th class="num">Newest id</th><th>Compatibility</th></tr></thead>
        <tbody>${
    value?.subjects.map((one) =>
      html`
        <tr key=${one.subject}>
          <td><a href=${to("schemas", one.subject)}>${one.subject}</a></td>
          <td class="mono">${one.name}</td>
          <td class="num" data-of="Versions">${one.versions}</td>
          <td class="num" data-of="Newest id">${one.id}</td>
          <td>${one.mode}</td>
        </tr>
      `
    )
  }</tbody>
      </table></div>
      ${
    value?.subjects.length === 0 &&
    html`<p class="soft">No schemas yet: a producer with Avro registers the first.</p>`
  }
    </section>`;
}

/** Chooses a mode and sets it. */
export function Mode({ subject, mode, then }) {
  const [error, setError] = useState();
  const set = ({ target }) =>
    change("/schemas/mode", { subject, mode: target.value }).then(() => {
      setError(undefined);
      then();
    }, ({ message }) => setError(message));
  return html`<label>Compatibility<select value=${mode} onChange=${set}>${
    MODES.map((one) => html`<option>${one}</option>`)
  }</select></label>
    ${error && html`<p class="error">${error}</p>`}`;
}
