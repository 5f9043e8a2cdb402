// Partitions as lanes: records in offset order, owners coloured and named, where the group has committed.
import { at } from "./address.ts";
import type { Lane as LaneView, TopicLanes } from "../../views/mod.ts";
import type { Snapshot } from "../contract.ts";
import { colour, count, html, many, useAnswer, useBeat, useWidth, valueOf } from "./parts.ts";
import { useRemembered } from "./place.ts";
import { Large } from "./projector.ts";

export function LanesTab({ topic, now }: { readonly topic: string; readonly now: Snapshot }) {
  const readers = now.groups.filter((one) => one.lags.some((lag) => lag.topic === topic))
    .map(({ group }) => group);
  const [chosen, setChosen] = useRemembered("group");
  const group = chosen === "none" ? "" : chosen || readers[0] || "";
  return html`
    <section class="card" data-picture="lanes">
      <div class="row choose"><label>Owners from group<select value=${group} onChange=${(
        event: Event,
      ) => setChosen(valueOf(event) || "none")}>
          <option value="">none</option>${readers.map((one) =>
            html`<option value=${one}>${one}</option>`
          )}</select></label>
          <a href=${at(
            `/embed/lanes?topic=${encodeURIComponent(topic)}&group=${encodeURIComponent(group)}`,
          )}>For a notebook cell</a> <${Large} name="lanes" words="Lanes" /></div>
      <br />
      <${Lanes} topic=${topic} group=${group} />
    </section>
  `;
}

export function Lanes({ topic, group }: { readonly topic: string; readonly group: string }) {
  const query = group ? `?group=${encodeURIComponent(group)}` : "";
  const { value, error } = useAnswer<TopicLanes>(
    `/topics/${encodeURIComponent(topic)}/lanes${query}`,
    useBeat(),
  );
  if (!value) return html`<p class="soft">${error ?? "Reading …"}</p>`;
  const members = value.members.map(({ id }) => id);
  return html`
    <div class="lanes">${value.partitions.map((lane) =>
      html`<${Lane} key=${lane.partition} lane=${lane} members=${members} />`
    )}</div>
    <div class="owners">${members.map((name) => {
      const own = value.partitions.filter((lane) => lane.owner === name).map((lane) =>
        lane.partition
      );
      return html`<span key=${name} class=${own.length ? "owner" : "owner idle"} style=${
        own.length ? { "--owner": colour(members, name) } : {}
      }>
        <i></i><b>${name}</b> <span class="soft">${
        own.length ? `owns ${own.join(", ")}` : "idle: owns no partition"
      }</span></span>`;
    })}</div>
  `;
}

/** A box and its gap. Two are always there: how many are older, and the next. */
const BOX_WIDE = 82;

/** What a small box has room for: of JSON with few fields, their values alone. */
function brief(value: string | null): string {
  if (value === null) return "∅";
  try {
    const parsed = JSON.parse(value);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
      return Object.values(parsed).map((one) => typeof one === "string" ? one : JSON.stringify(one))
        .join(", ");
    }
  } catch {
    // Cut, or not JSON: its first field's name tells less than what follows.
    return value.replace(/^\{"\w+":/, "");
  }
  return value;
}

function Lane({ lane, members }: { readonly lane: LaneView; readonly members: readonly string[] }) {
  const { partition, start, end, committed, owner, records } = lane;
  const [ref, width] = useWidth(760);
  const shown = records.slice(-Math.max(1, Math.floor(width / BOX_WIDE) - 2));
  const earlier = (shown[0]?.offset ?? end) - start;
  return html`
    <div class="lane">
      <div class="who" style=${owner
        ? { "--owner": colour(members, owner) }
        : {}}><b>partition ${partition}</b>
          <div class="soft">${owner ? `read by ${owner}` : "read by nobody"}</div></div>
      <ol ref=${ref} aria-label=${`Partition ${partition}: ${
        many(end - start, "record")
      }, next offset ${end}${owner ? `, read by ${owner}` : ""}`}>
          ${earlier > 0 && html`<li class="done">${count(earlier)}<b>older</b></li>`}
          ${shown.map((one) =>
            html`
              <li key=${one.offset} class=${(committed ?? 0) > one.offset ? "done" : "fresh"}
                title=${`offset ${one.offset}, key ${one.key ?? "null"}, value ${
                  one.value ?? "null"
                }`}>${one.offset}${one.key !== null && html`<i>${brief(one.key)}</i>`}<b>${brief(
                  one.value,
                )}</b></li>
            `
          )}
          <li class="next">${end}<b>next</b></li>
        </ol>
    </div>
  `;
}
