// The list of topics, and how a new one is made.
import type { Snapshot, TopicLine } from "../contract.ts";
import { useState } from "./preact.ts";
import { change, count, Dialog, Head, html, size, to } from "./parts.ts";
import { useRemembered } from "./place.ts";
import { type Column, List, useRates } from "./list.ts";
import { Spark } from "./spark.ts";

const COLUMNS: readonly Column<TopicLine>[] = [
  { name: "topic", words: "Topic", by: ({ topic }) => topic },
  { name: "rate", words: "Records a second" },
  { name: "offsets", words: "Offsets", isNumber: true, by: ({ offsets }) => offsets },
  { name: "size", words: "Size", isNumber: true, by: ({ bytes }) => bytes },
  { name: "partitions", words: "Partitions", isNumber: true, by: ({ end }) => end.length },
  { name: "copies", words: "Replication", isNumber: true, by: ({ replicas }) => replicas },
  { name: "state", words: "State", by: ({ weak }) => weak },
];

export function Topics({ now }: { readonly now: Snapshot }) {
  const [isOpen, setOpen] = useState(false);
  const [internal, setInternal] = useRemembered("internal");
  const [names, setNames] = useState<readonly string[]>([]);
  const history = useRates("topic", names);
  const hidden = now.topics.filter((one) => one.internal).length;
  const draw = (one: TopicLine) => {
    const rates = history?.rates[one.topic], rate = rates?.at(-1) ?? null;
    return html`
      <tr key=${one.topic}>
        <td><a href=${to("topics", one.topic)}>${one.topic}</a></td>
        <td
          data-of="Records a second"><span class="rate-now">${count(
            rate,
          )}</span> <${Spark} numbers=${rates} words="Records a second" /></td>
        <td class="num" data-of="Offsets">${count(one.offsets)}</td>
        <td class="num" data-of="Size">${size(one.bytes)}</td>
        <td class="num" data-of="Partitions">${one.end.length}</td>
        <td class="num" data-of="Replication">${one.replicas}</td>
        <td>${one.weak === 0
          ? html`<span class="tag">in sync</span>`
          : html`<span class="tag bad">${one.weak} under-replicated</span>`}</td>
      </tr>
    `;
  };
  return html`
    <${Head} title="Topics">
      <button class="main" onClick=${() => setOpen(true)}>Create topic</button>
      </${Head}>
      <section class="card">
        <${List} rows=${now.topics.filter((one) => internal || !one.internal)} columns=${COLUMNS}
          keyOf=${({ topic }: TopicLine) => topic} first="topic" draw=${draw} what="a topic"
          onShown=${setNames}
          nothing="No topics yet. Create the first one, for example demo_1 with 2 partitions.">
            <label class="tick"><input type="checkbox" checked=${internal !== ""} onChange=${(
              event: Event,
            ) => setInternal((event.target as HTMLInputElement).checked ? "1" : "")} />
              Show ${hidden} internal</label>
          </${List}>
          <p class="note">Offsets: end less begin; compaction and transactions make it more than what is there.
            Size: one copy on disk. Records a second: over five seconds; the line is the last quarter of an hour.</p>
        </section>
        ${isOpen &&
          html`<${CreateTopic} most=${now.brokers.length} onClose=${() => setOpen(false)} />`}
  `;
}

interface CreateProps {
  /** As many copies as there are brokers. */
  readonly most: number;
  readonly onClose: () => void;
}

function CreateTopic({ most, onClose }: CreateProps) {
  const [settings, setSettings] = useState<readonly number[]>([]);
  const send = async ({ topic = "", partitions, replicas, ...fields }: Record<string, string>) => {
    const config = Object.fromEntries(
      settings.map((_, at) => [fields[`name${at}`]?.trim(), fields[`value${at}`]]).filter((
        [name],
      ) => name),
    );
    await change("/topics/create", { topic: topic.trim(), partitions, replicas, config });
    location.hash = to("topics", topic.trim());
  };
  return html`<${Dialog} title="Create topic" send="Create" onSend=${send} onClose=${onClose}>
    <label>Topic name<input name="topic" required autofocus maxlength="249" autocomplete="off" spellcheck=${false} /></label>
    <label>Number of partitions<input name="partitions" type="number" min="1" max="50" defaultValue="2" required /></label>
    ${
    most > 1 && html`<label>Copies of each<select name="replicas">
        <option value="">as many as the cluster makes</option>${
      Array.from({ length: most }, (_, at) => html`<option value=${at + 1}>${at + 1}</option>`)
    }</select></label>`
  }
    ${
    settings.map((at) =>
      html`
        <div class="row" key=${at}>
          <label class="grow">Setting<input name=${`name${at}`} placeholder="retention.ms" /></label>
          <label class="grow">Value<input name=${`value${at}`} /></label>
        </div>
      `
    )
  }
    <p class="note">Default settings: as many copies as the cluster makes, and records are kept for ever (retention.ms −1).
      <button type="button" class="plain" onClick=${() =>
    setSettings([...settings, settings.length])}>Add a setting</button></p>
  </${Dialog}>`;
}
