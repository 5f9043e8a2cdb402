// One group: members, lag by partition over time, who owned what when, and moving its offsets.
import { useState } from "./vendor/hooks.mjs";
import { change, colour, count, Dialog, Head, html, many, useAnswer } from "./parts.js";
import { LagChart, Timeline } from "./charts.js";
import { stateTag } from "./groups.js";

export function Group({ group, now }) {
  const [dialog, setDialog] = useState();
  const { value: history } = useAnswer(`/groups/${encodeURIComponent(group)}`, now.atMs);
  const line = now.groups.find((one) => one.group === group);
  const crumbs = [["Consumer groups", "#/groups"]];
  if (!line) {
    return html`
      <${Head} crumbs=${crumbs} title=${group} />
      <p class="card">There is no group of this name. <a href="#/groups">All groups</a></p>
    `;
  }
  const holdings = history?.holdings ?? [];
  // Whoever held something first keeps its colour, above and in the timeline.
  const names = [...new Set([...holdings, ...line.members].map(({ member }) => member))];
  const isEmpty = line.members.length === 0;
  return html`
    <${Head} crumbs=${crumbs}
      title=${group}>${stateTag(line.state)} <span class="soft">lag ${count(
        line.lag,
      )}</span></${Head}>
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
          <${LagChart} samples=${history?.samples ?? []} />
          <div class="scroll"><table class="stack">
            <thead><tr><th>Partition</th><th class="num">Committed</th><th class="num">End</th><th class="num">Lag</th><th>Read by</th></tr></thead>
            <tbody>${line.lags.map((one) =>
              html`
                <tr key=${`${one.topic}-${one.partition}`}>
                  <td>${one.topic}-${one.partition}</td>
                  <td class="num" data-of="Committed">${count(one.committed)}</td>
                  <td class="num" data-of="End">${count(one.end)}</td>
                  <td class="num" data-of="Lag">${count(one.lag)}</td>
                  <td data-of="Read by">${one.member ?? html`<span class="soft">nobody</span>`}</td>
                </tr>
              `
            )}</tbody>
          </table></div>
        </section>
        <section class="card"><h2>Who owned what</h2><${Timeline} holdings=${holdings} members=${names} /></section>
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
            onSend=${async ({ confirm }) => {
              await change("/groups/delete", { group, confirm });
              location.hash = "#/groups";
            }}><p>Its committed offsets are forgotten: the next consumer of this name begins anew.</p>
                <label>Type <b>${group}</b> to go on<input name="confirm" autofocus autocomplete="off" /></label></${Dialog}>
        `}
  `;
}

/** First says what would change, then does it. */
function Reset({ line, onClose }) {
  const [topic, setTopic] = useState(line.lags[0]?.topic ?? "");
  const [where, setWhere] = useState("earliest");
  const [time, setTime] = useState("");
  const [plan, setPlan] = useState();
  const wish = () => ({
    group: line.group,
    topic,
    to: where === "time" ? new Date(time).getTime() : where,
  });
  const look = async () =>
    setPlan(
      await change("/groups/reset", { ...wish(), dryRun: true }).then(
        (changes) => ({ changes }),
        ({ message }) => ({ message }),
      ),
    );
  const set = (setter) => (event) => {
    setter(event.target.value);
    setPlan(undefined);
  };
  return html`
    <${Dialog} title="Reset offsets" send="Move the group" danger onClose=${onClose}
      onSend=${() => change("/groups/reset", { ...wish(), dryRun: false })}>
        <label>Topic<select value=${topic} onChange=${set(setTopic)}>${[
          ...new Set(line.lags.map((one) => one.topic)),
        ].map((one) => html`<option>${one}</option>`)}</select></label>
        <label>To<select value=${where} onChange=${set(setWhere)}>
          <option value="earliest">the beginning</option><option value="latest">the end</option><option value="time">a time</option></select></label>
        ${where === "time" &&
          html`<label>Time<input type="datetime-local" step="1" required value=${time} onInput=${
            set(setTime)
          } /></label>`}
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
