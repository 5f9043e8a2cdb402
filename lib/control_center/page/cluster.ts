// The cluster at a glance: brokers, and whether all is well.
import type { BrokerLine, Snapshot, TopicLine } from "../contract.ts";
import { replicaGrid, type Role } from "./replica_grid.ts";
import { Loads } from "./broker.ts";
import { Large } from "./projector.ts";
import { count, Head, html, many, plural, size, to } from "./parts.ts";

export function Cluster({ now }: { readonly now: Snapshot }) {
  const topics = now.topics.filter((one) => !one.internal);
  const sum = (of: (topic: TopicLine) => number) =>
    now.topics.reduce((total, one) => total + of(one), 0);
  const weak = sum((one) => one.weak);
  const isWell = !now.kafkaTrouble && !now.missingRight && weak === 0 && now.lost.length === 0;
  const gone = now.lost.map((broker) => ({ broker, address: "", bytes: null, isGone: true }));
  const isApart = now.controller !== null &&
    now.brokers.every(({ broker }) => broker !== now.controller);
  return html`
    <${Head} crumbs=${null} title="Cluster 1">
      <span class=${isWell ? "tag good" : "tag bad"}><span class=${`dot ${
        isWell ? "live" : "bad"
      }`}></span>
            ${isWell ? "healthy" : now.kafkaTrouble ? "not answering" : "needs attention"}</span>
      </${Head}>
      <section class="card facts" aria-label="Facts">
        <${Fact} number=${now.brokers.length} word="broker" />
        <${Fact} number=${topics.length} word="topic" href="#/topics" />
        <${Fact} number=${sum((one) =>
          one.end.length
        )} word="partition" more=", internal included" />
        <${Fact} number=${weak} word="under-replicated partition" />
        <${Fact} number=${now.groups.length} word="consumer group" href="#/groups" />
      </section>
      <section class="card" data-picture="brokers">
        <div class="row between">
          <h2>Brokers</h2>
          <${Large} name="brokers" words="Brokers" />
        </div>
        <div class="scroll">
          <table class="stack">
            <thead>
              <tr>
                <th>Broker</th>
                <th>Address</th>
                <th>Role</th>
                <th class="num">Leads</th>
                <th class="num">On its disk</th>
              </tr>
            </thead>
            <tbody>${[...now.brokers, ...gone].map((
              one: BrokerLine & { readonly isGone?: boolean },
            ) =>
              html`
                <tr key=${one.broker}>
                  <td><span class=${`dot ${
                    one.isGone || now.kafkaTrouble ? "bad" : "live"
                  }`}></span><a href=${to("brokers", `${one.broker}`)}>${one.broker}</a></td>
                  <td class="mono">${one.address}</td>
                  <td>${one.isGone
                    ? html`<span class="tag bad">gone</span>`
                    : one.broker === now.controller
                    ? "controller"
                    : "broker"}</td>
                  <td class="num" data-of="Leads">${many(
                    sum(({ leaders }) => leaders.filter((leader) => leader === one.broker).length),
                    "partition",
                  )}</td>
                  <td class="num" data-of="On its disk">${size(one.bytes)}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
        <p class="note">${now.controller === null
          ? "This cluster does not say which node is its controller."
          : isApart
          ? `The controller is node ${now.controller}, which is no broker.`
          : "The controller is the leader of the quorum that keeps the cluster's metadata."}</p>
      </section>
      <${Leaders} now=${now} />
      <${Loads} brokers=${now.brokers} />
      <section class="card">
        <h2>Where things are</h2>
        <div class="scroll">
          <table class="wrap">
            <tbody>
              <tr>
                <td class="soft">Kafka</td>
                <td class="mono">${now.where.kafka}</td>
              </tr>
              <tr>
                <td class="soft">Schema registry</td>
                <td class="mono">${now.where.registry}</td>
              </tr>
              <tr>
                <td class="soft">Versions</td>
                <td>${now.where.software ??
                  "not known: Kafka does not tell its clients which version it is"}</td>
              </tr>
            </tbody>
          </table>
        </div>
        <p
          class="note">Create a topic under <a class="inline" href=${to(
            "topics",
          )}>Topics</a>; what is in it shows in its Messages tab.</p>
      </section>
  `;
}

const SIGNS: Readonly<Record<NonNullable<Role>, string>> = {
  leads: "★",
  "in sync": "●",
  behind: "○",
  away: "✕",
};

/** Who leads what, and whose copies are complete, as it moves; one broker alone has nothing to show. */
function Leaders({ now }: { readonly now: Snapshot }) {
  const { brokers, rows, others } = replicaGrid(now);
  if (brokers.length < 2 || rows.length === 0) return null;
  return html`
    <section class="card" data-picture="leaders">
      <div class="row between">
        <h2>Leaders and copies</h2>
        <${Large} name="leaders" words="Leaders and copies" />
      </div>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr><th>Partition</th>${brokers.map((one) => html`<th>broker ${one}</th>`)}</tr>
          </thead>
          <tbody>${rows.map((row) =>
            html`
              <tr key=${`${row.topic}-${row.partition}`}>
                <td><a href=${to("topics", row.topic, "partitions")}>${row.topic}-${row
                  .partition}</a></td>
                ${row.roles.map((role) =>
                  html`<td class=${role === "away" || role === "behind" ? "bad" : ""}>${
                    role &&
                    html`<span aria-hidden="true">${SIGNS[role]}</span> ${role}${
                      role === "leads" && row.isMoved ? ", moved here" : ""
                    }`
                  }</td>`
                )}
              </tr>
            `
          )}</tbody>
        </table>
      </div>
      <p
        class="note">What is not well comes first${others > 0
          ? `; ${many(others, "partition")} no worse than these left out`
          : ""}. Kafka gives the lead back to the first broker of a partition's copies.</p>
    </section>
  `;
}

interface FactProps {
  readonly number: number;
  /** Of one of them. */
  readonly word: string;
  readonly more?: string;
  readonly href?: string;
}

function Fact({ number, word, more = "", href }: FactProps) {
  const words = `${plural(number, word)}${more}`;
  return html`<div class="fact"><b>${count(number)}</b><span>${
    href ? html`<a href=${href}>${words}</a>` : words
  }</span></div>`;
}
