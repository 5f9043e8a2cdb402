// Moving a group's offsets, forgetting them, and deleting the group.
import type { GroupLine } from "../contract.ts";
import { useState } from "./preact.ts";
import { change, count, Dialog, html, many, valueOf } from "./parts.ts";

const topicsOf = ({ lags }: GroupLine) => [...new Set(lags.map(({ topic }) => topic))];

export function ChangeGroup({ line }: { readonly line: GroupLine }) {
  const [dialog, setDialog] = useState<"reset" | "forget" | "delete">();
  const isEmpty = line.members.length === 0, close = () => setDialog(undefined);
  const { group } = line;
  // A member that joins must not take the focus from a button: it stays, and does nothing.
  const button = (words: string, which: "reset" | "forget" | "delete", may = isEmpty) =>
    html`<button class=${which === "reset" ? "" : "danger"} aria-disabled=${!may} onClick=${() =>
      may && setDialog(which)}>${words}</button>`;
  return html`
    <section class="card"><h2>Change this group</h2>
      <div class="row">
        ${button("Reset offsets", "reset")}
        ${button("Forget a topic", "forget", isEmpty && line.lags.length > 0)}
        ${button("Delete group", "delete")}</div>
      ${!isEmpty &&
        html`<p class="note">Only a group without members can be changed: end its ${
          many(line.members.length, "consumer")
        } first.</p>`}
    </section>
    ${dialog === "reset" && html`<${Reset} line=${line} onClose=${close} />`}
    ${dialog === "forget" && html`
      <${Dialog} title="Forget a topic" send="Forget its offsets" danger onClose=${close}
        onSend=${async (fields: Record<string, string>) => {
          await change("/groups/forget", { group, ...fields });
        }}>
        <p>The group's committed offsets in this topic are deleted, as if it had never read it. Its other topics stay.</p>
        <label>Topic<select name="topic">${topicsOf(line).map((one) =>
          html`<option>${one}</option>`
        )}</select></label>
        <label>Type the topic's name to go on<input name="confirm" autofocus autocomplete="off" spellcheck=${false} /></label>
        </${Dialog}>
    `}
    ${dialog === "delete" && html`
      <${Dialog} title="Delete group" send="Delete group" danger onClose=${close}
        onSend=${async ({ confirm }: Record<string, string>) => {
          await change("/groups/delete", { group, confirm });
          location.hash = "#/groups";
        }}><p>Its committed offsets are forgotten: the next consumer of this name begins as a new group.</p>
            <label>Type <b>${group}</b> to go on<input name="confirm" autofocus autocomplete="off" /></label></${Dialog}>
    `}
  `;
}

interface OffsetStep {
  readonly topic: string;
  readonly partition: number;
  readonly from: number | null;
  readonly to: number;
}

type Where = "earliest" | "latest" | "time" | "offset" | "by";

/** First says what would change, then does it. */
function Reset({ line, onClose }: { readonly line: GroupLine; readonly onClose: () => void }) {
  const [topic, setTopic] = useState(line.lags[0]?.topic ?? "");
  const [where, setWhere] = useState<Where>("earliest");
  const [time, setTime] = useState("");
  const [offset, setOffset] = useState("");
  const [by, setBy] = useState("-10");
  const [partition, setPartition] = useState("");
  const [plan, setPlan] = useState<
    { readonly changes?: readonly OffsetStep[]; readonly message?: string }
  >();
  const wish = () => {
    const ms = new Date(time).getTime();
    if (where === "time" && Number.isNaN(ms)) throw new Error("Choose a time first");
    if (where === "offset" && !/^\d{1,16}$/.test(offset)) {
      throw new Error("Write an offset first: a whole number");
    }
    if (where === "by" && !/^-?\d{1,16}$/.test(by)) {
      throw new Error("Write by how many records first: −10 goes ten back");
    }
    return {
      ...{ group: line.group, topic, partition },
      ...{ to: where === "time" ? ms : where, offset, by },
    };
  };
  const look = async () => {
    try {
      setPlan({ changes: await change("/groups/reset", { ...wish(), dryRun: true }) });
    } catch (error) {
      setPlan({ message: (error as Error).message });
    }
  };
  const set = (setter: (value: string) => void) => (event: Event) => {
    setter(valueOf(event));
    setPlan(undefined);
  };
  const topics = topicsOf(line);
  return html`
    <${Dialog} title="Reset offsets" send="Move the group" danger onClose=${onClose}
      onSend=${async () => {
        await change("/groups/reset", { ...wish(), dryRun: false });
      }}>
        <label>Topic<select value=${topic} onChange=${set(setTopic)}>${topics.map((one) =>
          html`<option>${one}</option>`
        )}</select></label>
        <label>To<select value=${where} onChange=${set(setWhere as (value: string) => void)}>
          <option value="earliest">the beginning</option><option value="latest">the end</option>
          <option value="time">a time</option><option value="offset">an offset</option>
          <option value="by">from where it is, by so many</option></select></label>
        ${where === "time" &&
          html`<label>Time<input type="datetime-local" step="1" required value=${time} onInput=${
            set(setTime)
          } /></label>`}
        ${where === "offset" &&
          html`<label>Offset<input inputmode="numeric" required value=${offset} onInput=${
            set(setOffset)
          } /></label>`}
        ${where === "by" &&
          html`<label>Records (−10 goes ten back)<input type="number" required value=${by} onInput=${
            set(setBy)
          } /></label>`}
        ${(where === "offset" || where === "by") &&
          html`<label>Of partition<select value=${partition} onChange=${set(setPartition)}>
            <option value="">every one</option>${
            line.lags.filter((one) => one.topic === topic)
              .map((one) => html`<option>${one.partition}</option>`)
          }</select></label>`}
        <p><button type="button" onClick=${look}>What would change?</button></p>
        <div role="status">
          ${plan?.message && html`<p class="error">${plan.message}</p>`}
          ${plan?.changes && html`
            <ul>${plan.changes.map((one) =>
              html`<li>${one.topic}-${one.partition}: ${
                one.from === null ? "nothing committed" : count(one.from)
              } → ${count(one.to)}</li>`
            )}</ul>
          `}
        </div>
      </${Dialog}>
  `;
}
