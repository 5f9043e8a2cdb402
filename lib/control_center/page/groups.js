// Who reads what, and how far behind.
import { count, Head, html, many, to } from "./parts.js";

export const stateTag = (state) =>
  html`<span class=${state === "Stable" ? "tag good" : "tag"}>${
    state === "Empty" ? "no members" : state.toLowerCase()
  }</span>`;

export function Groups({ now }) {
  return html`
    <${Head} title="Consumer groups" />
    <section class="card">
          <div class="scroll"><table class="stack">
            <thead><tr><th>Group</th><th>State</th><th>Members</th><th>Topics</th><th class="num">Lag</th></tr></thead>
            <tbody>${now.groups.map((one) => {
              const idle = one.members.filter(({ partitions }) => partitions.length === 0).length;
              return html`
                <tr key=${one.group}>
                  <td><a href=${to("groups", one.group)}>${one.group}</a></td>
                  <td>${stateTag(one.state)}</td>
                  <td>${many(one.members.length, "member")}${idle > 0 && one.state === "Stable"
                    ? html`, <b>${idle} idle</b>`
                    : ""}</td>
                  <td>${[...new Set(one.lags.map(({ topic }) => topic))].join(", ")}</td>
                  <td class="num" data-of="Lag">${count(one.lag)}</td>
                </tr>
              `;
            })}</tbody>
          </table></div>
          ${now.groups.length === 0 && html`
            <p
              class="soft">No groups yet: one appears when its first consumer joins. This page itself reads without one.</p>
          `}
        </section>
  `;
}
