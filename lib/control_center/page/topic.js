// One topic: its messages, its partitions, its settings.
import { useState } from "./vendor/hooks.mjs";
import { change, count, Dialog, Head, html, many, size, to, useAnswer } from "./parts.js";
import { Messages } from "./messages.js";
import { LanesTab } from "./lanes.js";

const TABS = [["", "Messages"], ["lanes", "Lanes"], ["partitions", "Partitions"], [
  "settings",
  "Settings",
]];

export function Topic({ topic, tab = "", now }) {
  const [dialog, setDialog] = useState();
  const line = now.topics.find((one) => one.topic === topic);
  if (!line) {
    return html`
      <${Head} crumbs=${[["Topics", "#/topics"]]} title=${topic} />
      <p class="card">There is no topic of this name${now.kafkaTrouble
        ? ", as far as was known"
        : ""}. <a href="#/topics">All topics</a></p>
    `;
  }
  const close = () => setDialog(undefined);
  return html`<${Head} crumbs=${[["Topics", "#/topics"]]} title=${topic}>
      <span class="soft">${many(line.records, "record")} in ${many(line.end.length, "partition")}${
    line.bytes === null ? "" : ` · ${size(line.bytes)}`
  }</span>
    </${Head}>
    <nav class="tabs" aria-label="Parts of this topic">
      ${
    TABS.map(([name, words]) =>
      html`
        <a href=${name ? to("topics", topic, name) : to("topics", topic)}
          aria-current=${tab === name ? "page" : undefined}>${words}</a>
      `
    )
  }
    </nav>
    ${tab === "" && html`<${Messages} topic=${topic} line=${line} />`}
    ${tab === "lanes" && html`<${LanesTab} topic=${topic} now=${now} />`}
    ${tab === "partitions" && html`<${Partitions} line=${line} />`}
    ${tab === "settings" && html`<${Settings} topic=${topic} line=${line} open=${setDialog} />`}
    ${
    dialog === "delete" && html`
      <${Typed} topic=${topic} what="Delete topic" onClose=${close}
        words="The topic and all its records are gone for good." path="/topics/delete" then=${() =>
          location.hash = "#/topics"} />
    `
  }
    ${
    dialog === "empty" && html`
      <${Typed} topic=${topic} what="Empty topic" onClose=${close}
        words="All its records are gone for good; the topic, its settings and its offsets stay."
        path="/topics/empty" />
    `
  }`;
}

function Partitions({ line }) {
  return html`
    <section class="card scroll">
      <table class="stack">
        <thead>
          <tr>
            <th>Partition</th>
            <th class="num">Begins at</th>
            <th class="num">Ends at</th>
            <th class="num">Records</th>
            <th>Leader</th>
            <th>Copies</th>
          </tr>
        </thead>
        <tbody>${line.end.map((end, at) =>
          html`
            <tr key=${at}>
              <td data-of="Partition">${at}</td>
              <td class="num" data-of="Begins at">${count(line.begin[at])}</td>
              <td class="num" data-of="Ends at">${count(end)}</td>
              <td class="num" data-of="Records">${count(
                end === null ? null : end - line.begin[at],
              )}</td>
              <td data-of="Leader">${line.leaders[at] < 0
                ? html`<span class="tag bad">none</span>`
                : `broker ${line.leaders[at]}`}</td>
              <td data-of="Copies">${line.behind[at].length === 0
                ? `${line.replicas} in sync`
                : html`
                  <span class="tag bad">${line.behind[at].length} of ${line.replicas} behind</span>
                  <span class="soft"> broker ${line.behind[at].join(", ")}</span>
                `}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </section>
  `;
}

function Settings({ topic, line, open }) {
  const [again, setAgain] = useState(0);
  const [all, setAll] = useState(false);
  const [edited, setEdited] = useState();
  const { value = [], error } = useAnswer(`/topics/${encodeURIComponent(topic)}/settings`, again);
  const common = [
    "cleanup.policy",
    "retention.ms",
    "retention.bytes",
    "max.message.bytes",
    "min.insync.replicas",
  ];
  const shown = value.filter((one) => all || !one.isDefault || common.includes(one.name));
  return html`<section class="card">
      <div class="scroll"><table>
        <thead><tr><th>Setting</th><th>Value</th><th>Where from</th><th></th></tr></thead>
        <tbody>${
    shown.map((one) =>
      html`
        <tr key=${one.name}>
          <td class="mono">${one.name}</td>
          <td class="mono">${one.value || "–"}</td>
          <td>${one.isDefault ? html`<span class="soft">default</span>` : "this topic"}</td>
          <td
            class="num"><button class="plain" aria-label=${`Change ${one.name}`} onClick=${() =>
              setEdited(one)}>Change</button></td>
        </tr>
      `
    )
  }</tbody>
      </table></div>
      ${error && html`<p class="error">${error}</p>`}
      <p><button onClick=${() => setAll(!all)}>${
    all ? "Show fewer" : `Show all ${value.length}`
  }</button></p>
    </section>
    <section class="card">
      <h2>Change this topic</h2>
      <div class="row">
        <button onClick=${() => setEdited({ partitions: line.end.length })}>Add partitions</button>
        <button class="danger" disabled=${line.internal} onClick=${() =>
    open("empty")}>Empty topic</button>
        <button class="danger" disabled=${line.internal} onClick=${() =>
    open("delete")}>Delete topic</button>
      </div>
      ${
    line.internal && html`
      <p
        class="note">A program keeps its own state here: emptying or deleting it would break that program.</p>
    `
  }
    </section>
    ${
    edited?.name && html`
      <${Dialog} title=${`Change ${edited.name}`} send="Change" onClose=${() =>
        setEdited(undefined)}
        onSend=${async ({ setting }) => {
          await change("/topics/change", { topic, config: { [edited.name]: setting } });
          setAgain(again + 1);
        }}><label>Value<input name="setting" defaultValue=${edited
          .value} autofocus /></label></${Dialog}>
    `
  }
    ${
    edited?.partitions && html`
      <${Dialog} title="Add partitions" send="Add" onClose=${() => setEdited(undefined)}
        onSend=${({ partitions }) => change("/topics/change", { topic, partitions })}>
        <label>Partitions in all<input name="partitions" type="number" min=${edited.partitions +
          1} max="50" defaultValue=${edited.partitions + 1} /></label>
        <p
          class="note">Keys go to other partitions from then on, so their order is lost at that point. Partitions cannot be taken away again.</p>
        </${Dialog}>
    `
  }`;
}

/** A question that is answered by typing the name again. */
function Typed({ topic, what, words, path, then, onClose }) {
  const send = async ({ confirm }) => {
    await change(path, { topic, confirm });
    then?.();
  };
  return html`
    <${Dialog} title=${what} send=${what} danger onSend=${send} onClose=${onClose}>
      <p>${words}</p>
      <label>Type <b>${topic}</b> to go on<input name="confirm" autofocus autocomplete="off" spellcheck="false" /></label>
      </${Dialog}>
  `;
}
