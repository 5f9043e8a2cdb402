// One subject: its versions, what each changes and whom that hurts, and a check of a pasted schema.
import { useState } from "./preact.ts";
import type { SubjectPage, SubjectVersion } from "../contract.ts";
import { change, Dialog, Head, html, many, useAnswer, valueOf } from "./parts.ts";
import { lineDifference } from "./line_difference.ts";
import { kindWords, Mode } from "./schemas.ts";

export function Subject({ subject }: { readonly subject: string }) {
  const [again, setAgain] = useState(0);
  const { value, error } = useAnswer<SubjectPage>(
    `/schemas/${encodeURIComponent(subject)}`,
    { everyMs: 5_000, again },
  );
  const [doomed, setDoomed] = useState<{ readonly version?: number }>();
  const versions = [...(value?.versions ?? [])].reverse();
  const then = () => setAgain(again + 1);
  return html`<${Head} crumbs=${[["Schemas", "#/schemas"]]} title=${subject}>
      ${
    value &&
    html`
      <${Mode} subject=${subject} mode=${value.mode} then=${then} />
      <button class="danger" onClick=${() => setDoomed({})}>Delete subject</button>
    `
  }</${Head}>
    ${error && html`<p class="error">${error}</p>`}
    ${!value && !error && html`<p class="card soft">Reading …</p>`}
    ${
    versions.map((one, at) =>
      html`
        <section class="card" key=${one.version}>
          <div class="row between"><h2>Version ${one.version} <span class="tag">id ${one
            .id}</span>${one.kind !== "AVRO" && html`
            <span class="tag">${kindWords(one.kind)}</span>
          `}</h2>
            <button class="plain" aria-label=${`Delete version ${one.version}`} onClick=${() =>
              setDoomed({ version: one.version })}>Delete</button></div>
          ${one.problem && html`<p class="error">${one.problem}</p>`}
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
    ${
    value && value.older > 0 &&
    html`<p class="note">${many(value.older, "older version")} not shown.</p>`
  }
    ${
    value && versions[0]?.kind === "AVRO" &&
    html`<${Check} subject=${subject} text=${versions[0]?.text ?? ""} then=${then} />`
  }
    ${
    doomed && html`
      <${Delete} subject=${subject} version=${doomed
        .version} isLast=${versions.length === 1} then=${then}
        onClose=${() => setDoomed(undefined)} />
    `
  }`;
}

interface DeleteProps {
  readonly subject: string;
  /** Left out: the whole subject. */
  readonly version: number | undefined;
  readonly isLast: boolean;
  readonly then: () => void;
  readonly onClose: () => void;
}

function Delete({ subject, version, isLast, then, onClose }: DeleteProps) {
  const what = version === undefined ? "Delete subject" : `Delete version ${version}`;
  const send = async ({ confirm }: Record<string, string>) => {
    await change("/schemas/delete", { subject, confirm, version });
    if (version === undefined || isLast) location.hash = "#/schemas";
    else then();
  };
  return html`
    <${Dialog} title=${what} send=${what} danger onSend=${send} onClose=${onClose}>
      <p>The registry keeps its ids: records written with it stay readable.</p>
      <label>Type <b>${subject}</b> to go on<input name="confirm" autofocus autocomplete="off" spellcheck=${false} /></label>
      </${Dialog}>
  `;
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
    version.breaks === null
      ? html`<p class="soft">Whom it breaks is told for Avro alone.</p>`
      : version.breaks.length === 0
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
  /** Present when it was registered. */
  readonly id?: number;
}

interface CheckProps {
  readonly subject: string;
  readonly text: string;
  readonly then: () => void;
}

function Check({ subject, text, then }: CheckProps) {
  const [schema, setSchema] = useState(text);
  const [said, setSaid] = useState<Verdict>();
  const ask = (path: string) =>
    change<Verdict>(path, { subject, schema }).then(
      setSaid,
      ({ message }: Error) => setSaid({ message }),
    );
  const check = (event: Event) => {
    event.preventDefault();
    void ask("/schemas/check");
  };
  const register = () => void ask("/schemas/register").then(then);
  return html`
    <section class="card">
      <h2>Check a schema</h2>
      <form onSubmit=${check}>
        <label>Could this become the next version?<textarea rows="10" spellcheck=${false} value=${schema} onInput=${(
          event: Event,
        ) => setSchema(valueOf(event))}></textarea></label>
        <p class="row"><button class="main">Check</button>
            <button type="button" onClick=${register}>Register as the next version</button></p>
      </form>
      <div role="status">
          ${said?.message && html`<p class="error">${said.message}</p>`}
          ${said?.id !== undefined && html`<p>Registered: its id is <b>${said.id}</b>.</p>`}
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
