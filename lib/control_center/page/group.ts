// One group: why it gets nothing, members, lag over time, who owned what when.
import type { GroupHistory, GroupLine, Snapshot } from "../contract.ts";
import { colour, count, Head, html, to, useAnswer, useBeat } from "./parts.ts";
import { ChangeGroup } from "./group_changes.ts";
import { LagChart, spanOf, Timeline } from "./charts.ts";
import { Large } from "./projector.ts";
import { behindWords, stateTag } from "./groups.ts";
import { useRates } from "./list.ts";
import { whyNothing } from "./why.ts";

const CRUMBS = [["Consumer groups", "#/groups"]] as const;
const NO_HISTORY: GroupHistory = { samples: [], holdings: [] };

export interface GroupProps {
  readonly group: string;
  readonly now: Snapshot;
}

export function Group({ group, now }: GroupProps) {
  const beat = useBeat(2_000);
  const { value: history = NO_HISTORY } = useAnswer<GroupHistory>(
    `/groups/${encodeURIComponent(group)}`,
    beat,
  );
  const rates = useRates("group", [group]);
  const line = now.groups.find((one) => one.group === group);
  if (!line) {
    return html`
      <${Head} crumbs=${CRUMBS} title=${group} />
      <p class="card">There is no group of this name. <a href="#/groups">All groups</a></p>
    `;
  }
  const behind = behindWords(rates?.behind[group]);
  const { holdings, samples } = history, span = spanOf(history);
  // Whoever held something first keeps its colour, above and in the timeline.
  const names = [...new Set([...holdings, ...line.members].map(({ member }) => member))];
  return html`
    <${Head} crumbs=${CRUMBS}
      title=${group}>${stateTag(line.state)} <span class="soft">lag ${count(line.lag)}${behind &&
        ` · ${behind}`}</span></${Head}>
        <${Why} line=${line} now=${now} history=${history} committed=${rates?.rates[group]} />
        <section class="card">
          <h2>Members</h2>
          ${line.members.length === 0 &&
            html`<p class="soft">Nobody is in this group now; its offsets are kept.</p>`}
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
        <section class="card" data-picture="lag">
          <div class="row between"><h2>Lag</h2><${Large} name="lag" words="Lag" /></div>
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
        <section class="card" data-picture="owners"><div class="row between"><h2>Who owned what</h2><${Large} name="owners" words="Who owned what" /></div><${Timeline} holdings=${holdings} members=${names} span=${span} /></section>
        <${ChangeGroup} line=${line} />
  `;
}

interface WhyProps {
  readonly line: GroupLine;
  readonly now: Snapshot;
  readonly history: GroupHistory;
  readonly committed: readonly (number | null)[] | undefined;
}

/** Answers the question of every beginner, where there is something to answer. */
function Why({ line, now, history, committed }: WhyProps) {
  const topics = [...new Set(line.lags.map(({ topic }) => topic))];
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
