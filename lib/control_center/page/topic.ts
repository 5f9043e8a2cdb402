// One topic: its messages, its partitions and who reads them, its settings.
import type { SettingLine, Snapshot, TopicLine } from "../contract.ts";
import { type Markup, useEffect, useRef, useState } from "./preact.ts";
import { change, count, Dialog, Head, html, many, size, to, useAnswer } from "./parts.ts";
import { Messages } from "./messages.ts";
import { AnalysisTab } from "./analysis.ts";
import { LanesTab } from "./lanes.ts";
import { Readers } from "./readers.ts";
import { inWords, meaningOf } from "./setting_words.ts";

/** Parts of a topic's page: how the address names them, and how the page does. */
export const TOPIC_TABS = [
  ["", "Messages"],
  ["lanes", "Lanes"],
  ["partitions", "Partitions"],
  ["readers", "Read by"],
  ["analysis", "Analysis"],
  ["settings", "Settings"],
] as const;

export interface TopicProps {
  readonly topic: string;
  readonly tab?: string;
  readonly now: Snapshot;
}

export function Topic({ topic, tab = "", now }: TopicProps) {
  const [dialog, setDialog] = useState<"delete" | "empty">();
  const tabs = useRef<HTMLElement>(null);
  const line = now.topics.find((one) => one.topic === topic);
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [tab]);
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
      <span class="soft">${line.records === 0 ? "0 records" : many(line.offsets, "offset")} in ${
    many(line.end.length, "partition")
  }${line.bytes === null ? "" : ` · ${size(line.bytes)}`}</span>
    </${Head}>
    <nav class="tabs" aria-label="Parts of this topic" ref=${tabs}>
      ${
    TOPIC_TABS.map(([name, words]) =>
      html`
        <a href=${name ? to("topics", topic, name) : to("topics", topic)}
          aria-current=${tab === name ? "page" : undefined}>${words}</a>
      `
    )
  }
    </nav>
    ${tab === "" && html`<${Messages} topic=${topic} line=${line} />`}
    ${tab === "lanes" && html`<${LanesTab} topic=${topic} now=${now} />`}
    ${tab === "partitions" && html`<${Partitions} line=${line} now=${now} />`}
    ${tab === "readers" && html`<${Readers} line=${line} now=${now} />`}
    ${tab === "analysis" && html`<${AnalysisTab} topic=${topic} />`}
    ${tab === "settings" && html`<${Settings} topic=${topic} line=${line} open=${setDialog} />`}
    ${
    dialog === "delete" && html`
      <${Typed} topic=${topic} what="Delete topic" onClose=${close}
        words="The topic and all its records are gone for good." path="/topics/delete" then=${() => {
          location.hash = "#/topics";
        }} />
    `
  }
    ${
    dialog === "empty" && html`
      <${Typed} topic=${topic} what="Empty topic" onClose=${close}
        words="These records are gone for good; the topic, its settings and its offsets stay."
        path="/topics/empty">
        <label>Partition<select name="partition">
          <option value="">all</option>${line.end.map((_, at) =>
            html`<option value=${at}>${at}</option>`
          )}</select></label>
        <label>Before offset (empty: all)<input name="before" type="number" min="0" /></label>
        </${Typed}>
    `
  }`;
}

interface PartProps {
  readonly line: TopicLine;
  readonly now: Snapshot;
}

function Partitions({ line, now }: PartProps) {
  const there = now.brokers.map(({ broker }) => broker);
  return html`
    <section class="card scroll">
      <table class="stack">
        <thead>
          <tr>
            <th>Partition</th>
            <th class="num">Begins at</th>
            <th class="num">Ends at</th>
            <th class="num">Offsets</th>
            <th>Leader</th>
            <th>Copies on brokers</th>
          </tr>
        </thead>
        <tbody>${line.end.map((end, at) => {
          const begin = line.begin[at] ?? null, leader = line.leaders[at]!;
          const open = line.open.find(({ partition }) => partition === at);
          return html`
            <tr key=${at}>
              <td data-of="Partition">${at}</td>
              <td class="num" data-of="Begins at">${count(begin)}</td>
              <td class="num" data-of="Ends at">${count(end)}${open && " "}${open &&
                html`
                  <span class="tag bad">open from ${count(open.stable)}</span>
                `}</td>
              <td class="num" data-of="Offsets">${count(
                end === null || begin === null ? null : end - begin,
              )}</td>
              <td data-of="Leader">${leader < 0
                ? html`<span class="tag bad">none</span>`
                : `broker ${leader}`}</td>
              <td data-of="Copies">${line.copies[at]!.map((broker, nth) => {
                const isBehind = !line.inSync[at]!.includes(broker);
                const words = [
                  broker === leader ? "leads" : "",
                  nth === 0 && broker !== leader ? "preferred leader" : "",
                  isBehind ? there.includes(broker) ? "behind" : "away" : "",
                ].filter(Boolean).join(", ");
                return html`
                  <span class=${isBehind ? "tag bad" : "tag"}>${broker === leader
                    ? "★ "
                    : isBehind
                    ? ""
                    : "✓ "}${broker}${words && ` ${words}`}</span>
                `;
              })}</td>
            </tr>
          `;
        })}</tbody>
      </table>
      <p
        class="note">★ leads the partition; ✓ has everything that is committed. Kafka gives the lead back to the first broker of the list.</p>
    </section>
  `;
}

interface SettingsProps {
  readonly topic: string;
  readonly line: TopicLine;
  readonly open: (dialog: "delete" | "empty") => void;
}

const FROM = {
  topic: "this topic",
  broker: "the brokers",
  cluster: "all brokers",
  default: "default",
} as const;

function Settings({ topic, line, open }: SettingsProps) {
  const [again, setAgain] = useState(0);
  const [all, setAll] = useState(false);
  const [edited, setEdited] = useState<SettingLine | { readonly partitions: number }>();
  const { value, error } = useAnswer<readonly SettingLine[]>(
    `/topics/${encodeURIComponent(topic)}/settings`,
    { again },
  );
  // Buttons below a list that is still to come would move away from under the pointer.
  if (!value && !error) return html`<p class="card soft">Reading …</p>`;
  const common = [
    "cleanup.policy",
    "retention.ms",
    "retention.bytes",
    "max.message.bytes",
    "min.insync.replicas",
  ];
  const settings = value ?? [];
  const shown = settings.filter((one) =>
    all || one.source === "topic" || common.includes(one.name)
  );
  const done = () => setEdited(undefined);
  return html`<section class="card">
      <div class="scroll"><table class="stack settings">
        <thead><tr><th>Setting</th><th>Value</th><th>Where from</th><th><span class="unseen">Change it</span></th></tr></thead>
        <tbody>${
    shown.map((one) =>
      html`
        <tr key=${one.name}>
          <td><span class="mono">${one.name}</span>${meaningOf(one.name) &&
            html`<div class="note">${meaningOf(one.name)}</div>`}</td>
          <td><span class="mono">${one.value || "–"}</span>${inWords(one.name, one.value) &&
            html`<div class="note">${inWords(one.name, one.value)}</div>`}</td>
          <td class=${one.source === "topic" ? "" : "soft"}>${FROM[one.source]}</td>
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
    all ? "Show fewer" : `Show all ${settings.length}`
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
    edited && "name" in edited && html`
      <${Dialog} title=${`Change ${edited.name}`} send="Change" onClose=${done}
        onSend=${async ({ setting }: Record<string, string>) => {
          await change("/topics/change", { topic, config: { [edited.name]: setting } });
          setAgain(again + 1);
        }}><label>Value<input name="setting" defaultValue=${edited
          .value} autofocus /></label>
          ${meaningOf(edited.name) &&
            html`<p class="note">${meaningOf(edited.name)}</p>`}</${Dialog}>
    `
  }
    ${
    edited && "partitions" in edited && html`
      <${Dialog} title="Add partitions" send="Add" onClose=${done}
        onSend=${async ({ partitions }: Record<string, string>) => {
          await change("/topics/change", { topic, partitions });
        }}>
        <label>Partitions in all<input name="partitions" type="number" min=${edited.partitions +
          1} max="50" defaultValue=${edited.partitions + 1} /></label>
        <p
          class="note">Keys go to other partitions from then on, so their order is lost at that point. Partitions cannot be taken away again.</p>
        </${Dialog}>
    `
  }`;
}

interface TypedProps {
  readonly topic: string;
  readonly what: string;
  readonly words: string;
  readonly path: string;
  readonly then?: () => void;
  readonly onClose: () => void;
  readonly children?: Markup;
}

/** A question that is answered by typing the name again. */
function Typed({ topic, what, words, path, then, onClose, children }: TypedProps) {
  const send = async (fields: Record<string, string>) => {
    await change(path, { topic, ...fields });
    then?.();
  };
  return html`
    <${Dialog} title=${what} send=${what} danger onSend=${send} onClose=${onClose}>
      <p>${words}</p>
      ${children}
      <label>Type <b>${topic}</b> to go on<input name="confirm" autofocus autocomplete="off" spellcheck=${false} /></label>
      </${Dialog}>
  `;
}
