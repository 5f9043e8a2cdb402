// The list of topics, and how a new one is made.
import { useState } from "./vendor/hooks.mjs";
import { change, count, Dialog, Head, html, size, to } from "./parts.js";

export function Topics({ now }) {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState("");
  const [withInternal, setInternal] = useState(false);
  const internal = now.topics.filter((one) => one.internal).length;
  const shown = now.topics.filter((one) =>
    (withInternal || !one.internal) && one.topic.toLowerCase().includes(wanted.toLowerCase())
  );
  return html`<${Head} title="Topics">
      <button class="main" onClick=${() => setOpen(true)}>Create topic</button>
    </${Head}>
    <section class="card">
      <div class="row">
        <label class="grow">Find a topic<input type="search" value=${wanted} onInput=${(event) =>
    setWanted(event.target.value)} /></label>
        <label class="tick"><input type="checkbox" checked=${withInternal} onChange=${(event) =>
    setInternal(event.target.checked)} />
          Show ${internal} internal</label>
      </div>
      <div class="scroll"><table class="stack">
        <thead><tr><th>Topic</th><th class="num">Records</th><th class="num">Size</th><th class="num">Partitions</th><th class="num">Replication</th><th>State</th></tr></thead>
        <tbody>${
    shown.map((one) =>
      html`
        <tr key=${one.topic}>
          <td><a href=${to("topics", one.topic)}>${one.topic}</a></td>
          <td class="num" data-of="Records">${count(one.records)}</td>
          <td class="num" data-of="Size">${size(one.bytes)}</td>
          <td class="num" data-of="Partitions">${one.end.length}</td>
          <td class="num" data-of="Replication">${one.replicas}</td>
          <td>${one.weak === 0
            ? html`<span class="tag">in sync</span>`
            : html`<span class="tag bad">${one.weak} under-replicated</span>`}</td>
        </tr>
      `
    )
  }</tbody>
      </table></div>
      ${
    shown.length === 0 && html`<p class="soft">${
      wanted
        ? "No topic has this in its name."
        : "No topics yet. Create the first one, for example demo_1 with 2 partitions."
    }</p>`
  }
      <p class="note">Records: end offsets less begin offsets; compaction and transactions make it more than what is there.
        Size: one copy on disk.</p>
    </section>
    ${isOpen && html`<${CreateTopic} onClose=${() => setOpen(false)} />`}`;
}

function CreateTopic({ onClose }) {
  const [settings, setSettings] = useState([]);
  const send = async ({ topic, partitions, ...fields }) => {
    const config = Object.fromEntries(
      settings.map((_, at) => [fields[`name${at}`]?.trim(), fields[`value${at}`]]).filter((
        [name],
      ) => name),
    );
    await change("/topics/create", { topic: topic.trim(), partitions, config });
    location.hash = to("topics", topic.trim());
  };
  return html`<${Dialog} title="Create topic" send="Create" onSend=${send} onClose=${onClose}>
    <label>Topic name<input name="topic" required autofocus maxlength="249" autocomplete="off" spellcheck="false" /></label>
    <label>Number of partitions<input name="partitions" type="number" min="1" max="50" defaultValue="2" required /></label>
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
