// The same view as a command, as a notebook cell, and as a link.
import { codeFor } from "./code.ts";
import { html, useState } from "./preact.ts";
import { readPlace } from "./place.ts";

/** What the place that is shown is in code; undefined where nothing shows the same. */
const here = () => {
  const place = readPlace(location.hash);
  return place && codeFor(place.path, place.query);
};

interface CodeButtonProps {
  readonly isOpen: boolean;
  readonly turn: () => void;
}

/** Stands beside the heading of every page. */
export function CodeButton({ isOpen, turn }: CodeButtonProps) {
  return here() && html`
    <button class="plain code" aria-expanded=${isOpen} aria-label="As code" title="As code"
      onClick=${turn}>⟨/⟩</button>
  `;
}

export function CodePanel() {
  const code = here();
  return code && html`
    <section class="card" aria-label="As code">
      ${code.command && html`<${Piece} words="In a terminal" text=${code.command} />`}
      <${Piece} words="In a notebook" text=${code.cell} />
      <${Piece} words="As a link" text=${location.href} />
    </section>
  `;
}

function Piece({ words, text }: { readonly words: string; readonly text: string }) {
  const [said, setSaid] = useState("Copy");
  const copy = () =>
    navigator.clipboard.writeText(text).then(() => setSaid("Copied"), () => setSaid("Not allowed"));
  return html`
    <div class="row between"><b>${words}</b><button class="plain" aria-label=${`${said}: ${words.toLowerCase()}`}
      onClick=${copy}>${said}</button></div>
    <pre class="text" tabindex="0" role="region" aria-label=${words}>${text}</pre>
  `;
}
