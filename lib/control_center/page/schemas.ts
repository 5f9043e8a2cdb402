// Subjects of the registry, and the mode that guards them.
import type { SubjectLine, SubjectList } from "../contract.ts";
import { useEffect, useState } from "./preact.ts";
import { change, Head, html, to, useAnswer, valueOf } from "./parts.ts";
import { type Column, List } from "./list.ts";

const COLUMNS: readonly Column<SubjectLine>[] = [
  { name: "subject", words: "Subject", by: ({ subject }) => subject },
  { name: "kind", words: "Kind", by: ({ kind }) => kind },
  { name: "name", words: "Name", by: ({ name }) => name },
  { name: "versions", words: "Versions", isNumber: true, by: ({ versions }) => versions },
  { name: "id", words: "Newest id", isNumber: true, by: ({ id }) => id },
  { name: "mode", words: "Compatibility", by: ({ mode }) => mode },
];

/** As their makers call them. */
export const kindWords = (kind: string) =>
  kind === "AVRO" ? "Avro" : kind === "PROTOBUF" ? "Protobuf" : "JSON Schema";

export const MODES = [
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
  "NONE",
];

export function Schemas() {
  const [again, setAgain] = useState(0);
  const [isWhole, setWhole] = useState(true);
  const { value, error } = useAnswer<SubjectList>("/schemas", {
    everyMs: isWhole ? 5_000 : 1_000,
    again,
  });
  useEffect(() => setWhole(!value?.subjects.some(({ pending }) => pending)), [value]);
  const draw = (one: SubjectLine) =>
    html`
      <tr key=${one.subject}>
        <td><a href=${to("schemas", one.subject)}>${one.subject}</a></td>
        <td>${one.pending
          ? html`<span class="soft">not read yet</span>`
          : one.problem
          ? html`<span class="tag bad" title=${one.problem}>cannot be read</span>`
          : kindWords(one.kind)}</td>
        <td class="mono">${one.name}</td>
        <td class="num" data-of="Versions">${one.pending ? "–" : one.versions}</td>
        <td class="num" data-of="Newest id">${one.pending ? "–" : one.id}</td>
        <td>${one.pending ? "–" : one.mode}</td>
      </tr>
    `;
  return html`<${Head} title="Schemas">${
    value && html`
      <${Mode} words="Compatibility of all others" mode=${value.mode} then=${() =>
        setAgain(again + 1)} />
    `
  }</${Head}>
    <section class="card">
      ${error && html`<p class="error">${error}</p>`}
      ${!value && !error && html`<p class="soft">Reading …</p>`}
      ${
    value && html`
      <${List} rows=${value.subjects} columns=${COLUMNS}
        keyOf=${({ subject }: SubjectLine) => subject} first="subject" draw=${draw} what="a subject"
        nothing="No schemas yet: a producer with a schema registers the first." />
    `
  }
    </section>`;
}

interface ModeProps {
  /** Left out: of every subject without a mode of its own. */
  readonly subject?: string;
  /** @default "Compatibility" */
  readonly words?: string;
  readonly mode: string;
  readonly then: () => void;
}

/** Chooses a mode and sets it. */
export function Mode({ subject, words = "Compatibility", mode, then }: ModeProps) {
  const [error, setError] = useState<string>();
  const set = (event: Event) =>
    change("/schemas/mode", { subject, mode: valueOf(event) }).then(() => {
      setError(undefined);
      then();
    }, ({ message }: Error) => setError(message));
  return html`<label>${words}<select value=${mode} onChange=${set}>${
    MODES.map((one) => html`<option>${one}</option>`)
  }</select></label>
    ${error && html`<p class="error">${error}</p>`}`;
}
