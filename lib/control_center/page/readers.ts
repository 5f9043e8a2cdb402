// Which groups read a topic, side by side: who is how far, and what became of each record of a share group.
import type { ShareView, Snapshot, TopicLine } from "../contract.ts";
import { count, html, many, to, useAnswer, useWidth } from "./parts.ts";
import { protocolTag, protocolWords, stateTag } from "./groups.ts";
import { Large } from "./projector.ts";
import { type PartitionStripes, type Stand, type Stripe, stripesOf } from "./stripes.ts";

const CELL_WIDE = 34, NAME_WIDE = 250, MOST = 24;
/** Partitions that are drawn. */
const PARTITIONS = 12;

export interface ReadersProps {
  readonly line: TopicLine;
  readonly now: Snapshot;
}

/** Groups that have committed here, or own a partition. */
export function Readers({ line, now }: ReadersProps) {
  const { topic } = line;
  const readers = now.groups.flatMap((group) => {
    const lags = group.lags.filter((one) => one.topic === topic);
    return lags.length === 0 ? [] : [{ group, lags }];
  });
  // What became of single records is asked for only where there is a share group.
  const Picture = readers.some(({ group }) => group.protocol === "share") ? WithShares : Drawing;
  return html`
    <section class="card">
      <div class="scroll"><table class="stack">
        <thead><tr><th>Group</th><th>State</th><th>Members that own a partition here</th><th class="num">Lag here</th></tr></thead>
        <tbody>${readers.map(({ group, lags }) => {
          const owners = group.members.filter(({ partitions }) =>
            partitions.some((one) => one.topic === topic)
          ).map(({ member }) => member);
          return html`
            <tr key=${group.group}>
              <td><a href=${to("groups", group.group)}>${group.group}</a></td>
              <td>${stateTag(group.state)} ${protocolTag(group.protocol)}</td>
              <td>${owners.join(", ") || html`<span class="soft">nobody</span>`}</td>
              <td class="num" data-of="Lag here">${count(
                lags.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
              )}</td>
            </tr>
          `;
        })}</tbody>
      </table></div>
      ${readers.length === 0 &&
        html`<p class="soft">No group has committed an offset here, or owns a partition.</p>`}
      <p class="note">Readers without a group (this page, <code>readTopic</code>) leave no trace in Kafka and are not listed.</p>
    </section>
    ${readers.length > 0 && html`<${Picture} line=${line} now=${now} />`}
  `;
}

function WithShares({ line, now }: ReadersProps) {
  const { value: shares = [], error } = useAnswer<readonly ShareView[]>(
    `/topics/${encodeURIComponent(line.topic)}/shares`,
    { everyMs: 3_000 },
  );
  return html`<${Drawing} line=${line} now=${now} shares=${shares} error=${error} />`;
}

interface DrawingProps extends ReadersProps {
  /** Undefined where no share group reads the topic. */
  readonly shares?: readonly ShareView[];
  readonly error?: string | undefined;
}

function Drawing({ line, now, shares, error }: DrawingProps) {
  const [ref, wide] = useWidth(900);
  const most = Math.max(4, Math.min(MOST, Math.floor((wide - NAME_WIDE) / CELL_WIDE)));
  const all = stripesOf(line, now.groups, shares ?? [], most), hasShares = shares !== undefined;
  const shown = all.slice(0, PARTITIONS);
  return html`
    <section class="card" data-picture="readers">
      <div class="row between"><h2>Side by side</h2><${Large} name="readers" words="Side by side" /></div>
      ${error && html`<p class="error">${error}</p>`}
      <div ref=${ref}>${shown.map((one) =>
        html`<${Partition} key=${one.partition} of=${one} />`
      )}</div>
      <p class="legend stand"><span class="done">done: before the committed offset</span> <span class="waits">waits</span>
        ${hasShares && html`
          <span class="acknowledged">acknowledged alone</span>
                    <span class="back">given back, with its deliveries</span> <span
            class="archived">given up</span>
        `}</p>
      <p class="note">The newest offsets of each partition. Of a classic, new-protocol or streams group one member reads a
        partition, in order; members of a share group take single records of it side by side, and each is acknowledged,
        given back or given up by itself.${hasShares &&
          " Which record a member has in hand only the partition's leader knows: it shows when it is acknowledged or given back."}${all
              .length > shown.length &&
          ` ${many(all.length - shown.length, "partition")} more are not drawn.`}</p>
    </section>
  `;
}

function Partition({ of: { partition, offsets, stripes } }: { readonly of: PartitionStripes }) {
  return html`
    <div class="scroll">
      <table class="stripes">
        <thead>
          <tr><th>partition ${partition}</th>${offsets.length === 0
            ? html`<th class="soft">nothing is in it</th>`
            : offsets.map((one) => html`<th class="num">${one}</th>`)}</tr>
        </thead>
        <tbody>${stripes.map((one) => html`<${Row} key=${one.group} of=${one} />`)}</tbody>
      </table>
    </div>
  `;
}

function Row({ of: { group, protocol, readers, lag, stands } }: { readonly of: Stripe }) {
  const who = readers.length === 0
    ? "read by nobody"
    : `read by ${readers.slice(0, 3).join(", ")}${readers.length > 3 ? " …" : ""}`;
  return html`
    <tr>
      <th scope="row"><a href=${to("groups", group)}>${group}</a>
        <div class="note">${protocolWords(protocol)} · ${who}${lag === null
          ? ""
          : ` · lag\u00a0${count(lag)}`}</div></th>
      ${stands.map((one) =>
        html`<td class=${`stand ${one.is.replace("given ", "")}`}>${markOf(one)}</td>`
      )}
    </tr>
  `;
}

const SIGNS: Readonly<Record<Stand["is"], string>> = {
  done: "",
  waits: "",
  acknowledged: "✓",
  archived: "✕",
  "given back": "↺",
};

function markOf(stand: Stand) {
  const times = "deliveries" in stand && stand.deliveries > 1 ? stand.deliveries : "";
  return html`
    <span class="sign" aria-hidden="true">${SIGNS[stand.is]}${times}</span><span
      class="unseen">${stand.is}</span>
  `;
}
