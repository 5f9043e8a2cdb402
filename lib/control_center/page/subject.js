// One subject: its versions, what each changes and whom that hurts, and a check of a pasted schema.
import { useState } from "./vendor/hooks.mjs";
import { change, Head, html, useAnswer } from "./parts.js";
import { Mode } from "./schemas.js";

export function Subject({ subject, now }) {
  const [again, setAgain] = useState(0);
  const { value, error } = useAnswer(
    `/schemas/${encodeURIComponent(subject)}`,
    `${again} ${Math.floor(now.atMs / 5000)}`,
  );
  const versions = [...(value?.versions ?? [])].reverse();
  return html`<${Head} crumbs=${[["Schemas", "#/schemas"]]} title=${subject}>
      ${
    value &&
    html`<${Mode} subject=${subject} mode=${value.mode} then=${() => setAgain(again + 1)} />`
  }</${Head}>
    ${error && html`<p class="error">${error}</p>`}
    ${
    versions.map((one, at) =>
      html`
        <section class="card" key=${one.version}>
          <h2>Version ${one.version} <span class="tag">id ${one.id}</span></h2>
          <${Difference} version=${one} before=${versions[at + 1]} />
          <details open=${at === 0}>
            <summary>Schema</summary>
            <pre class="text">${one.text}</pre>
          </details>
        </section>
      `
    )
  }
    ${value && html`<${Check} subject=${subject} text=${versions[0]?.text ?? ""} />`}`;
}

function Difference({ version, before }) {
  if (!before) return html`<p class="soft">The first version.</p>`;
  const lines = compare(before.text, version.text);
  return html`<pre class="text" aria-label=${`What version ${version.version} changes`}>${
    lines.map(({ sign, text }) =>
      html`<span style=${
        sign === "+" ? { color: "var(--good)" } : { color: "var(--bad)" }
      }>${`${sign} ${text}\n`}</span>`
    )
  }</pre>
    ${
    version.breaks.length === 0
      ? html`<p><span class="tag good">breaks nobody</span> old and new readers can read old and new records.</p>`
      : html`<ul>${
        version.breaks.map((one) =>
          html`<li><span class="tag bad">breaks</span> ${one.whom}: <b>${
            one.field || "the schema"
          }</b>, ${one.why}</li>`
        )
      }</ul>`
  }`;
}

/** Lines that only one of two texts has. */
function compare(before, after) {
  const lines = (text) => text.split("\n").map((line) => line.replace(/,$/, ""));
  const only = (a, b, sign) => {
    const left = new Map();
    for (const line of lines(b)) left.set(line, (left.get(line) ?? 0) + 1);
    return lines(a).filter((line) => {
      const there = left.get(line) ?? 0;
      left.set(line, there - 1);
      return there <= 0;
    }).map((text) => ({ sign, text }));
  };
  return [...only(before, after, "−"), ...only(after, before, "+")];
}

function Check({ subject, text }) {
  const [schema, setSchema] = useState(text);
  const [said, setSaid] = useState();
  const check = (event) => {
    event.preventDefault();
    change("/schemas/check", { subject, schema }).then(
      setSaid,
      ({ message }) => setSaid({ message }),
    );
  };
  return html`
    <section class="card">
      <h2>Check a schema</h2>
      <form onSubmit=${check}>
        <label>Could this become the next version?<textarea rows="10" spellcheck="false" value=${schema} onInput=${(
          event,
        ) => setSchema(event.target.value)}></textarea></label>
        <p><button class="main">Check</button></p>
      </form>
      <div role="status">
          ${said?.message && html`<p class="error">${said.message}</p>`}
          ${said?.mode && html`
            <p><span class=${said.compatible ? "tag good" : "tag bad"}>${said.compatible
              ? "yes"
              : "no"}</span> under ${said.mode}</p>
            <ul>${said.reasons.map((one) => html`<li>${one}</li>`)}</ul>
          `}
        </div>
    </section>
  `;
}
