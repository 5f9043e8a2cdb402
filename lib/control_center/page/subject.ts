// One subject: its versions, what each changes and whom that hurts, and a check of a pasted schema.
import { useState } from "./preact.ts";
import type { SubjectPage, SubjectVersion } from "../contract.ts";
import { change, Head, html, useAnswer, useBeat, valueOf } from "./parts.ts";
import { lineDifference } from "./line_difference.ts";
import { Mode } from "./schemas.ts";

export function Subject({ subject }: { readonly subject: string }) {
  const [again, setAgain] = useState(0);
  const { value, error } = useAnswer<SubjectPage>(
    `/schemas/${encodeURIComponent(subject)}`,
    `${again} ${useBeat(5_000)}`,
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
            <pre class="text" tabindex="0" role="region" aria-label=${`Schema of version ${one.version}`}>${one
              .text}</pre>
          </details>
        </section>
      `
    )
  }
    ${value && html`<${Check} subject=${subject} text=${versions[0]?.text ?? ""} />`}`;
}

interface DifferenceProps {
  readonly version: SubjectVersion;
  readonly before: SubjectVersion | undefined;
}

function Difference({ version, before }: DifferenceProps) {
  if (!before) return html`<p class="soft">The first version.</p>`;
  const { lines, isReordered } = lineDifference(before.text, version.text);
  return html`<pre class="text" tabindex="0" role="region" aria-label=${`What version ${version.version} changes`}>${
    lines.map(({ sign, text }) =>
      html`<span class=${
        sign === "+" ? "added" : sign === "−" ? "removed" : "soft"
      }>${`${sign} ${text}\n`}</span>`
    )
  }</pre>
    ${isReordered && html`<p>The same lines in another order.</p>`}
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

interface Verdict {
  readonly message?: string;
  readonly mode?: string;
  readonly compatible?: boolean;
  readonly reasons?: readonly string[];
}

function Check({ subject, text }: { readonly subject: string; readonly text: string }) {
  const [schema, setSchema] = useState(text);
  const [said, setSaid] = useState<Verdict>();
  const check = (event: Event) => {
    event.preventDefault();
    change<Verdict>("/schemas/check", { subject, schema }).then(
      setSaid,
      ({ message }: Error) => setSaid({ message }),
    );
  };
  return html`
    <section class="card">
      <h2>Check a schema</h2>
      <form onSubmit=${check}>
        <label>Could this become the next version?<textarea rows="10" spellcheck="false" value=${schema} onInput=${(
          event: Event,
        ) => setSchema(valueOf(event))}></textarea></label>
        <p><button class="main">Check</button></p>
      </form>
      <div role="status">
          ${said?.message && html`<p class="error">${said.message}</p>`}
          ${said?.mode && html`
            <p><span class=${said.compatible ? "tag good" : "tag bad"}>${said.compatible
              ? "yes"
              : "no"}</span> under ${said.mode}</p>
            <ul>${said.reasons?.map((one) => html`<li>${one}</li>`)}</ul>
          `}
        </div>
    </section>
  `;
}
