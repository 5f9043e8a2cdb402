// One group: why it gets nothing, members, lag over time, who owned what when, and moving its offsets.
import type { GroupHistory, GroupLine, Snapshot } from "../contract.ts";
import { useState } from "./preact.ts";
import {
  change,
  colour,
  count,
  Dialog,
  Head,
  html,
  many,
  to,
  useAnswer,
  useBeat,
  valueOf,
} from "./parts.ts";
import { LagChart, spanOf, Timeline } from "./charts.ts";
import { stateTag } from "./groups.ts";
import { useRates } from "./list.ts";
import { whyNothing } from "./why.ts";

const CRUMBS = [["Consumer groups", "#/groups"]] as const;
const NO_HISTORY: GroupHistory = { samples: [], holdings: [] };

export interface GroupProps {
  readonly group: string;
  readonly now: Snapshot;
}

export function Group({ group, now }: GroupProps) {
  const [dialog, setDialog] = useState<"reset" | "delete">();
  const beat = useBeat(2_000);
  const { value: history = NO_HISTORY } = useAnswer<GroupHistory>(
    `/groups/${encodeURIComponent(group)}`,
    beat,
  );
  const line = now.groups.find((one) => one.group === group);
  if (!line) {
    return html`
      <${Head} crumbs=${CRUMBS} title=${group} />
      <p class="card">There is no group of this name. <a href="#/groups">All groups</a></p>
    `;
  }
  const { holdings, samples } = history, span = spanOf(history);
  // Whoever held something first keeps its colour, above and in the timeline.
  const names = [...new Set([...holdings, ...line.members].map(({ member }) => member))];
  const isEmpty = line.members.length === 0;
  return html`
    <${Head} crumbs=${CRUMBS}
      title=${group}>${stateTag(line.state)} <span class="soft">lag ${count(
        line.lag,
      )}</span></${Head}>
        <${Why} line=${line} now=${now} history=${history} />
        <section class="card">
          <h2>Members</h2>
          ${isEmpty && html`<p class="soft">Nobody is in this group now; its offsets are kept.</p>`}
          <div class="owners">${line.members.map(({ member, memberId, partitions }) =>
            html`
              <span key=${memberId}
                class=${partitions.length ? "owner" : "owner idle"} style=${partitions.length
                  ? { "--owner": colour(names, member) }
                  : {}} title=${memberId}>
                      <i></i><b>${member}</b> <span class="soft">${partitions.length
                        ? `owns ${
                          partitions.map((one) => `${one.topic}-${one.partition}`).join(", ")
                        }`
                        : "idle: owns no partition"}</span></span>
            `
          )}</div>
        </section>
        <section class="card">
          <h2>Lag</h2>
          <${LagChart} samples=${samples} span=${span} />
          <div class="scroll"><table class="stack">
            <thead><tr><th>Partition</th><th class="num">Committed</th><th class="num">End</th><th class="num">Lag</th><th>Read by</th></tr></thead>
            <tbody>${line.lags.map((one) =>
              html`
                <tr key=${`${one.topic}-${one.partition}`}>
                  <td><a href=${to("topics", one.topic)}>${one.topic}-${one.partition}</a></td>
                  <td class="num" data-of="Committed">${count(one.committed)}</td>
                  <td class="num" data-of="End">${count(one.end)}</td>
                  <td class="num" data-of="Lag">${count(one.lag)}</td>
                  <td data-of="Read by">${one.member ?? html`<span class="soft">nobody</span>`}</td>
                </tr>
              `
            )}</tbody>
          </table></div>
        </section>
        <section class="card"><h2>Who owned what</h2><${Timeline} holdings=${holdings} members=${names} span=${span} /></section>
        <section class="card"><h2>Change this group</h2>
          <div class="row"><button disabled=${!isEmpty} onClick=${() =>
            setDialog("reset")}>Reset offsets</button>
            <button class="danger" disabled=${!isEmpty} onClick=${() =>
              setDialog("delete")}>Delete group</button></div>
          ${!isEmpty &&
            html`<p class="note">Only a group without members can be changed: end its ${
              many(line.members.length, "consumer")
            } first.</p>`}
        </section>
        ${dialog === "reset" &&
          html`<${Reset} line=${line} onClose=${() => setDialog(undefined)} />`}
        ${dialog === "delete" && html`
          <${Dialog} title="Delete group" send="Delete group" danger onClose=${() =>
            setDialog(undefined)}
            onSend=${async ({ confirm }: Record<string, string>) => {
              await change("/groups/delete", { group, confirm });
              location.hash = "#/groups";
            }}><p>Its committed offsets are forgotten: the next consumer of this name begins anew.</p>
                <label>Type <b>${group}</b> to go on<input name="confirm" autofocus autocomplete="off" /></label></${Dialog}>
        `}
  `;
}

interface WhyProps {
  readonly line: GroupLine;
  readonly now: Snapshot;
  readonly history: GroupHistory;
}

/** Answers the question of every beginner, where there is something to answer. */
function Why({ line, now, history }: WhyProps) {
  const topics = [...new Set(line.lags.map(({ topic }) => topic))];
  const committed = useRates("group", [line.group])?.rates[line.group];
  const read = useRates("topic", topics);
  const written = read &&
    read.atMs.map((_, at) => sumOf(topics.map((one) => read.rates[one]?.[at])));
  const reason = whyNothing({ group: line, topics: now.topics, history, committed, written });
  if (!reason || now.kafkaTrouble) return null;
  return html`
    <section class="card why" aria-label="Why this group gets nothing">
      <p><b>${reason.cause}</b></p>
      <p class="soft">${reason.evidence}</p>
      <p>${reason.next}</p>
    </section>
  `;
}

/** Null where a part is not known. */
function sumOf(parts: readonly (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const part of parts) {
    if (part === null || part === undefined) return null;
    sum += part;
  }
  return sum;
}

interface OffsetStep {
  readonly topic: string;
  readonly partition: number;
  readonly from: number | null;
  readonly to: number;
}

type Where = "earliest" | "latest" | "time" | "offset";

/** First says what would change, then does it. */
function Reset({ line, onClose }: { readonly line: GroupLine; readonly onClose: () => void }) {
  const [topic, setTopic] = useState(line.lags[0]?.topic ?? "");
  const [where, setWhere] = useState<Where>("earliest");
  const [time, setTime] = useState("");
  const [offset, setOffset] = useState("");
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
    return {
      ...{ group: line.group, topic },
      ...(where === "offset"
        ? { to: "offset", offset, partition }
        : { to: where === "time" ? ms : where }),
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
  return html`
    <${Dialog} title="Reset offsets" send="Move the group" danger onClose=${onClose}
      onSend=${async () => {
        await change("/groups/reset", { ...wish(), dryRun: false });
      }}>
        <label>Topic<select value=${topic} onChange=${set(setTopic)}>${[
          ...new Set(line.lags.map((one) => one.topic)),
        ].map((one) => html`<option>${one}</option>`)}</select></label>
        <label>To<select value=${where} onChange=${set(setWhere as (value: string) => void)}>
          <option value="earliest">the beginning</option><option value="latest">the end</option>
          <option value="time">a time</option><option value="offset">an offset</option></select></label>
        ${where === "time" &&
          html`<label>Time<input type="datetime-local" step="1" required value=${time} onInput=${
            set(setTime)
          } /></label>`}
        ${where === "offset" &&
          html`
            <label>Offset<input inputmode="numeric" required value=${offset} onInput=${set(
              setOffset,
            )} /></label>
            <label>Of partition<select value=${partition} onChange=${set(setPartition)}>
                        <option value="">every one</option>${line.lags.filter((one) =>
                          one.topic === topic
                        ).map((one) => html`<option>${one.partition}</option>`)}</select></label>
          `}
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
