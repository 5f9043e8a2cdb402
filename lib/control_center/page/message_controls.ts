// Where to read a topic from, what of it, and how: a form above its messages.
import { READ_AS, type ReadAs } from "../contract.ts";
import { asOf, live, type Show } from "./message_view.ts";
import { html, valueOf } from "./parts.ts";
import { useState } from "./preact.ts";
import { PAGE, type View } from "./record_stream.ts";

export interface ControlsProps {
  /** Used before. */
  readonly filters: readonly string[];
  readonly view: View;
  readonly show: Show;
  readonly partitions: number;
  readonly write: () => void;
}

/** Everything that is chosen here holds when it is shown, all at once. */
export function Controls({ filters, view, show, partitions, write }: ControlsProps) {
  const [kind, rest = ""] = view.from.split(":", 2);
  const [jump, setJump] = useState(kind === "newest" || kind === "next" ? "live" : kind!);
  const [at, setAt] = useState(kind === "time" ? local(Number(rest)) : rest || "0");
  const [until, setUntil] = useState(view.until ? local(Number(view.until)) : "");
  const [partition, setPartition] = useState(view.partition);
  const [filter, setFilter] = useState(view.filter);
  const [transactions, setTransactions] = useState(view.transactions);
  const [keyAs, setKeyAs] = useState(view.keyAs);
  const [valueAs, setValueAs] = useState(view.valueAs);
  const go = (event: Event) => {
    event.preventDefault();
    const chosen = { partition, filter, transactions, keyAs, valueAs };
    if (jump === "live") {
      return show({ ...live(partition === "" ? partitions : 1), ...chosen, until: "" });
    }
    const from = jump === "begin"
      ? "begin"
      : jump === "offset"
      ? `offset:${at}`
      : `time:${new Date(at).getTime()}`;
    const end = until === "" ? "" : String(new Date(until).getTime());
    show({ from, until: end, max: PAGE, order: "oldest", ...chosen });
  };
  return html`<form class="row" onSubmit=${go}>
    <label>Jump to<select value=${jump} onChange=${(event: Event) => {
    setJump(valueOf(event));
    setAt(valueOf(event) === "time" ? local(Date.now() - 3_600_000) : "0");
  }}>
      <option value="live">end (live)</option><option value="begin">beginning</option>
      <option value="offset">offset</option><option value="time">time</option>
    </select></label>
    ${
    jump === "offset" &&
    html`<label>Offset<input size="9" inputmode="numeric" pattern="[0-9]{1,16}" required value=${at} onInput=${(
      event: Event,
    ) => setAt(valueOf(event))} /></label>`
  }
    ${
    jump === "time" &&
    html`<label>Time<input type="datetime-local" step="1" required value=${at} onInput=${(
      event: Event,
    ) => setAt(valueOf(event))} /></label>`
  }
    ${
    jump !== "live" &&
    html`<label>Up to a time<input type="datetime-local" step="1" value=${until} onInput=${(
      event: Event,
    ) => setUntil(valueOf(event))} /></label>`
  }
    <label>Partition<select value=${partition} onChange=${(event: Event) =>
    setPartition(valueOf(event))}>
      <option value="">all</option>${
    Array.from({ length: partitions }, (_, one) => html`<option value=${one}>${one}</option>`)
  }
    </select></label>
    <label class="grow">Contains<input type="search" list="filters" maxlength="200" placeholder="text, or vendorId = 2" value=${filter} onInput=${(
    event: Event,
  ) => setFilter(valueOf(event))} /></label>
    <datalist id="filters">${filters.map((one) => html`<option value=${one}></option>`)}</datalist>
    <${Reading} name="Keys as" value=${keyAs} set=${setKeyAs} />
    <${Reading} name="Values as" value=${valueAs} set=${setValueAs} />
    <label class="tick"><input type="checkbox" checked=${transactions} onChange=${(event: Event) =>
    setTransactions((event.target as HTMLInputElement).checked)} /> Transactions</label>
    <button class="main">Show</button>
    <button type="button" onClick=${write}>Produce</button>
  </form>`;
}

interface ReadingProps {
  readonly name: string;
  readonly value: ReadAs;
  readonly set: (value: ReadAs) => void;
}

function Reading({ name, value, set }: ReadingProps) {
  return html`<label>${name}<select value=${value} onChange=${(event: Event) =>
    set(asOf(valueOf(event)))}>${
    READ_AS.map((one) => html`<option value=${one}>${one === "auto" ? "automatic" : one}</option>`)
  }</select></label>`;
}

const local = (ms: number) =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
