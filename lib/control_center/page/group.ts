// One group: why it gets nothing, members, lag over time, who owned what when.
import type { GroupHistory, GroupLine, LagLine, Snapshot } from "../contract.ts";
import {
  ask,
  colour,
  count,
  duration,
  Head,
  html,
  many,
  moment,
  to,
  toRecord,
  useAsked,
} from "./parts.ts";
import { joinedHistory } from "./join_history.ts";
import { ChangeGroup } from "./group_changes.ts";
import { Chart, LagChart, lineOf, spanOf, Timeline } from "./charts.ts";
import { rebalances } from "./rebalances.ts";
import { Large } from "./projector.ts";
import { behindWords, stateTag } from "./groups.ts";
import { type Column, List, useRates } from "./list.ts";
import { whyNothing } from "./why.ts";

const CRUMBS = [["Consumer groups", "#/groups"]] as const;
const NO_HISTORY: GroupHistory = { samples: [], holdings: [] };

const nameOf = ({ topic, partition }: LagLine) => `${topic}-${partition}`;

const LAGS: readonly Column<LagLine>[] = [
  { name: "partition", words: "Partition", by: nameOf },
  { name: "committed", words: "Committed", isNumber: true, by: ({ committed }) => committed },
  { name: "end", words: "End", isNumber: true, by: ({ end }) => end },
  { name: "lag", words: "Lag", isNumber: true, by: ({ lag }) => lag },
  { name: "member", words: "Read by", by: ({ member }) => member },
];

/** An offset leads to the record that the group reads next, where there is one. */
const committedOf = (one: LagLine) =>
  one.committed === null || one.end === null || one.committed >= one.end
    ? count(one.committed)
    : html`
      <a href=${toRecord(one.topic, { partition: one.partition, offset: one.committed })}
        title="The record that the group reads next">${count(one.committed)}</a>
    `;

const drawLag = (one: LagLine) =>
  html`
    <tr key=${nameOf(one)}>
      <td><a href=${to("topics", one.topic)}>${nameOf(one)}</a></td>
      <td class="num" data-of="Committed">${committedOf(one)}</td>
      <td class="num" data-of="End">${count(one.end)}</td>
      <td class="num" data-of="Lag">${count(one.lag)}</td>
      <td data-of="Read by">${one.member ?? html`<span class="soft">nobody</span>`}</td>
    </tr>
  `;

/** What is remembered of a group, brought up to date every two seconds: only what is new is asked for. */
function useHistory(group: string): GroupHistory {
  const path = `/groups/${encodeURIComponent(group)}`;
  const { value = NO_HISTORY } = useAsked<GroupHistory>({
    of: path,
    everyMs: 2_000,
    look: async (known = NO_HISTORY) => {
      const since = known.samples.at(-1)?.atMs;
      const fresh = await ask<GroupHistory>(
        `${path}${since === undefined ? "" : `?since=${since}`}`,
      );
      return joinedHistory(known, fresh);
    },
  });
  return value;
}

export interface GroupProps {
  readonly group: string;
  readonly now: Snapshot;
}

export function Group({ group, now }: GroupProps) {
  const history = useHistory(group);
  const rates = useRates("group", [group]);
  const line = now.groups.find((one) => one.group === group);
  const topics = [...new Set(line?.lags.map(({ topic }) => topic))];
  const read = useRates("topic", topics);
  if (!line) {
    return html`
      <${Head} crumbs=${CRUMBS} title=${group} />
      <p class="card">There is no group of this name. <a href="#/groups">All groups</a></p>
    `;
  }
  const behind = behindWords(rates?.behind[group]);
  const { holdings, samples } = history, span = spanOf(history);
  const committed = rates?.rates[group];
  const written = read?.atMs.map((_, at) => sumOf(topics.map((one) => read.rates[one]?.[at])));
  // The member that held something first keeps its colour, above and in the timeline.
  const names = [...new Set([...holdings, ...line.members].map(({ member }) => member))];
  return html`
    <${Head} crumbs=${CRUMBS}
      title=${group}>${stateTag(line.state)} <span class="soft">lag ${count(line.lag)}${behind &&
        ` · ${behind}`}</span></${Head}>
        <${Why} line=${line} now=${now} history=${history} committed=${committed} written=${written} />
        <section class="card">
          <h2>Members</h2>
          ${line.members.length === 0 &&
            html`<p class="soft">Nobody is in this group now${
              line.lags.some(({ committed }) => committed !== null)
                ? "; its offsets are kept"
                : ", and it has committed nothing"
            }.</p>`}
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
          <${List} rows=${line
            .lags} columns=${LAGS} keyOf=${nameOf} first="partition" draw=${drawLag}
            what="a partition" findFrom=${12} nothing="The group has committed nothing and owns no partition." />
          <p class="note">Lag: the end less what is committed. Where nothing is committed, all that is there counts.
            A committed offset leads to the record that the group reads next.</p>
        </section>
        <section class="card" data-picture="rates">
          <div class="row between"><h2>Records a second</h2><${Large} name="rates" words="Records a second" /></div>
          <${Chart} lines=${[
            lineOf("written", read?.atMs, written),
            lineOf("committed", rates?.atMs, committed),
          ]} span=${span} words="Records a second" />
        </section>
        <section class="card" data-picture="owners"><div class="row between"><h2>Who owned what</h2><${Large} name="owners" words="Who owned what" /></div><${Timeline} holdings=${holdings} members=${names} span=${span} />
          <${Rebalances} history=${history} /></section>
        <${ChangeGroup} line=${line} />
  `;
}

interface WhyProps {
  readonly line: GroupLine;
  readonly now: Snapshot;
  readonly history: GroupHistory;
  readonly committed: readonly (number | null)[] | undefined;
  readonly written: readonly (number | null)[] | undefined;
}

/** Answers the question of every beginner, where there is something to answer. */
function Why({ line, now, history, committed, written }: WhyProps) {
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

/** What each rebalance cost. */
function Rebalances({ history }: { readonly history: GroupHistory }) {
  const found = rebalances(history);
  if (found.length === 0) return null;
  return html`
    <h3>Rebalances</h3>
    <ul>${found.map((one) =>
      html`
        <li
          key=${one.atMs}><b>${moment(one.atMs)}</b> ${one.why}: ${one.partitions.join(
            ", ",
          )} had no owner for ${duration(
            Math.max(0, Math.round(one.stillMs / 1_000) * 1_000),
          )}${one.waited === null ? "" : `, ${many(one.waited, "record")} waited`}</li>
      `
    )}</ul>
    <p
      class="note">As seen once a second while somebody looks at a page, and every five seconds otherwise.</p>
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
