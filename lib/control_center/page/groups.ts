// Who reads what, and how far behind.
import type { Behind, GroupLine, Snapshot } from "../contract.ts";
import { useState } from "./preact.ts";
import { count, duration, Head, html, many, to } from "./parts.ts";
import { type Column, List, useRates } from "./list.ts";
import { Spark } from "./spark.ts";

export const stateTag = (state: string) =>
  html`<span class=${state === "Stable" ? "tag good" : state === "Unknown" ? "tag bad" : "tag"}>${
    state === "Empty" ? "no members" : state.toLowerCase()
  }</span>`;

/** How long a group is behind, in words; nothing where it is not, or it is unknown. */
export const behindWords = (behind: Behind | null | undefined): string =>
  !behind || (behind.ms === 0 && !behind.orMore)
    ? ""
    : `${behind.orMore ? "more than " : ""}${
      duration(Math.max(1, Math.round(behind.ms / 1_000)) * 1_000)
    } behind`;

/** A group's kind as pages name it. */
export function protocolWords(protocol: GroupLine["protocol"]): string {
  if (protocol === "consumer") return "new protocol";
  return protocol === "classic" ? "classic" : `${protocol} group`;
}

/** How the group shares out partitions, where that is not as it always was. */
export const protocolTag = (protocol: GroupLine["protocol"]) =>
  protocol !== "classic" &&
  html`<span class="tag" title="The broker shares out the partitions">${
    protocolWords(protocol)
  }</span>`;

const COLUMNS: readonly Column<GroupLine>[] = [
  { name: "group", words: "Group", by: ({ group }) => group },
  { name: "state", words: "State", by: ({ state }) => state },
  { name: "members", words: "Members", isNumber: true, by: ({ members }) => members.length },
  { name: "topics", words: "Topics" },
  { name: "trend", words: "Lag over time" },
  { name: "lag", words: "Lag", isNumber: true, by: ({ lag }) => lag },
];

export function Groups({ now }: { readonly now: Snapshot }) {
  const [names, setNames] = useState<readonly string[]>([]);
  const history = useRates("group", names);
  const draw = (one: GroupLine) => {
    const idle = one.members.filter(({ partitions }) => partitions.length === 0).length;
    return html`
      <tr key=${one.group}>
        <td><a href=${to("groups", one.group)}>${one.group}</a></td>
        <td>${stateTag(one.state)} ${protocolTag(one.protocol)}</td>
        <td class="num">${many(one.members.length, "member")}${idle > 0 && one.state === "Stable"
          ? html`, <b>${idle} idle</b>`
          : ""}</td>
        <td>${[...new Set(one.lags.map(({ topic }) => topic))].join(", ")}</td>
        <td>
          <${Spark} numbers=${history?.lags[one.group]} words="Lag" />
        </td>
        <td class="num" data-of="Lag">${one.problem
          ? "–"
          : count(one.lag)}<div class="note">${behindWords(
            history?.behind[one.group],
          )}</div></td>
      </tr>
    `;
  };
  return html`
    <${Head} title="Consumer groups" />
    <section class="card">
      <${List} rows=${now.groups} columns=${COLUMNS} keyOf=${({ group }: GroupLine) => group}
        first="group" draw=${draw} what="a group" onShown=${setNames}
        nothing="No groups yet: one appears when its first consumer joins. This page itself reads without one." />
      <p
        class="note">Lag: end offsets less committed offsets; where nothing is committed, everything that is there.
        Behind: how long ago the topics ended where the group stands now. The line is the last quarter of an hour.</p>
    </section>
  `;
}
