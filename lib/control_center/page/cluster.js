// The cluster at a glance: brokers, and whether all is well.
import { count, Head, html, size, to } from "./parts.js";

export function Cluster({ now }) {
  const topics = now.topics.filter((one) => !one.internal);
  const sum = (of) => now.topics.reduce((total, one) => total + of(one), 0);
  const weak = sum((one) => one.weak);
  const isWell = !now.kafkaTrouble && weak === 0 && now.lost.length === 0;
  const gone = now.lost.map((broker) => ({ broker, address: "", gone: true }));
  return html`
    <${Head} crumbs=${null} title="Cluster 1">
      <span class=${isWell ? "tag good" : "tag bad"}><span class=${`dot ${
        isWell ? "live" : "bad"
      }`}></span>
            ${isWell ? "healthy" : now.kafkaTrouble ? "not answering" : "needs attention"}</span>
      </${Head}>
      <section class="card facts" aria-label="Facts">
        <${Fact} number=${now.brokers.length} words=${now.brokers.length === 1
          ? "broker"
          : "brokers"} />
        <${Fact} number=${topics.length} words="topics" href="#/topics" />
        <${Fact} number=${sum((one) => one.end.length)} words="partitions, internal included" />
        <${Fact} number=${weak} words="under-replicated partitions" />
        <${Fact} number=${now.groups.length} words=${now.groups.length === 1
          ? "consumer group"
          : "consumer groups"} href="#/groups" />
      </section>
      <section class="card">
        <h2>Brokers</h2>
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
            <tbody>${[...now.brokers, ...gone].map((one) =>
              html`
                <tr key=${one.broker}>
                  <td><span class=${`dot ${
                    one.gone || now.kafkaTrouble ? "bad" : "live"
                  }`}></span>${one.broker}</td>
                  <td class="mono">${one.address}</td>
                  <td>${one.gone
                    ? html`<span class="tag bad">gone</span>`
                    : one.controller
                    ? "controller"
                    : "broker"}</td>
                  <td class="num" data-of="Leads">${count(
                    sum(({ leaders }) => leaders.filter((leader) => leader === one.broker).length),
                  )} partitions</td>
                  <td class="num" data-of="On its disk">${size(one.bytes)}</td>
                </tr>
              `
            )}</tbody>
          </table>
        </div>
      </section>
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
          class="note">Create a topic under <a href=${to(
            "topics",
          )}>Topics</a>; what is in it shows in its Messages tab.</p>
      </section>
  `;
}

function Fact({ number, words, href }) {
  return html`<div class="fact"><b>${count(number)}</b><span>${
    href ? html`<a href=${href}>${words}</a>` : words
  }</span></div>`;
}
