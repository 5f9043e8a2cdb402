// Partitions as lanes: what stands at the end of each log, who reads it, and how it was some minutes ago.
import { at as addressOf } from "./address.ts";
import {
  HISTORY_MS,
  type LogBox,
  type LogLane,
  type LogLanes,
  type Snapshot,
} from "../contract.ts";
import { useState } from "./preact.ts";
import { brief } from "./brief.ts";
import { colour, count, html, many, moment, useAnswer, useWidth, valueOf } from "./parts.ts";
import { useRemembered } from "./place.ts";
import { Large } from "./projector.ts";

export function LanesTab({ topic, now }: { readonly topic: string; readonly now: Snapshot }) {
  const readers = now.groups.filter((one) => one.lags.some((lag) => lag.topic === topic))
    .map(({ group }) => group);
  const [chosen, setChosen] = useRemembered("group");
  const [at, setAt] = useRemembered("at");
  const [byKey, setByKey] = useRemembered("colour");
  const group = chosen === "none" ? "" : chosen || readers[0] || "";
  return html`
    <section class="card" data-picture="lanes">
      <div class="row choose"><label>Owners from group<select value=${group} onChange=${(
        event: Event,
      ) => setChosen(valueOf(event) || "none")}>
          <option value="">none</option>${readers.map((one) =>
            html`<option value=${one}>${one}</option>`
          )}</select></label>
          <${Moment} at=${at} set=${setAt} />
          <label class="tick"><input type="checkbox" checked=${byKey !== ""} onChange=${(
            event: Event,
          ) =>
            setByKey(
              (event.target as HTMLInputElement).checked ? "key" : "",
            )} /> Colour by key</label>
          <a href=${addressOf(
            `/embed/lanes?topic=${encodeURIComponent(topic)}&group=${encodeURIComponent(group)}`,
          )}>For a notebook cell</a> <${Large} name="lanes" words="Lanes" /></div>
      <br />
      <${Lanes} topic=${topic} group=${group} at=${at} byKey=${byKey !== ""} />
    </section>
  `;
}

/** Chooses a moment of the last quarter of an hour; at its right end it is now. */
function Moment({ at, set }: { readonly at: string; readonly set: (at: string) => void }) {
  const [opened] = useState(Date.now);
  const first = opened - HISTORY_MS, last = Math.max(opened, Number(at));
  const words = at === "" ? "as it is now" : `as it was at ${moment(Number(at))}`;
  return html`
    <label
      class="moment">Shown: ${words}<input type="range" min=${first} max=${last} step="1000"
      value=${at || last} aria-valuetext=${words} onChange=${(event: Event) => {
        const chosen = Number(valueOf(event));
        set(chosen >= last ? "" : String(chosen));
      }} /></label>
    ${at !== "" && html`<button onClick=${() => set("")}>Now</button>`}
  `;
}

export interface LanesProps {
  readonly topic: string;
  readonly group: string;
  /** Epoch ms; empty for now. */
  readonly at?: string;
  readonly byKey?: boolean;
}

export function Lanes({ topic, group, at = "", byKey = false }: LanesProps) {
  const query = new URLSearchParams({ ...(group && { group }), ...(at && { at }) });
  const { value, error } = useAnswer<LogLanes>(
    `/topics/${encodeURIComponent(topic)}/lanes?${query}`,
    // The past stays as it was.
    { everyMs: at === "" ? 1_000 : undefined },
  );
  if (!value) return html`<p class="soft">${error ?? "Reading …"}</p>`;
  const { members, partitions } = value;
  const all = partitions.flatMap(({ boxes }) => boxes);
  const hasTransactions = all.some((one) => one.kind !== "hole" && one.transaction);
  return html`
    <div class="lanes">${partitions.map((lane) =>
      html`<${Lane} key=${lane.partition} lane=${lane} members=${members} byKey=${byKey} />`
    )}</div>
    <div class="owners">${members.map((name) => {
      const own = partitions.filter(({ owner }) => owner === name).map(({ partition }) =>
        partition
      );
      return html`<span key=${name} class=${own.length ? "owner" : "owner idle"} style=${
        own.length ? { "--owner": colour(members, name) } : {}
      }>
        <i></i><b>${name}</b> <span class="soft">${
        own.length
          ? `owns ${own.join(", ")}`
          : at
          ? "owned no partition"
          : "idle: owns no partition"
      }</span></span>`;
    })}</div>
    ${hasTransactions &&
      html`<p class="note">A bar on top joins the records of one transaction: committed, <s>aborted</s> or
      still open (dashed). ◆ is the marker that ends it. Read-committed readers wait at the first open record.</p>`}
    ${all.some(({ kind }) => kind === "hole") &&
      html`<p class="note">“gone”: offsets whose records compaction took; offsets are never given again.</p>`}
  `;
}

/** A box and its gap, also on a phone. Two are always there: how many are older, and the next. */
const BOX_WIDE = { usual: 82, phone: 52 }, PHONE_WIDE = 420;

const firstOf = (box: LogBox) => box.kind === "hole" ? box.from : box.offset;

/** The same key has the same colour, whatever else is shown. */
function hueOf(key: string): string {
  let sum = 0;
  for (const char of key) sum = (sum * 31 + char.codePointAt(0)!) % 997;
  return `var(--taxi-${sum % 6})`;
}

interface LaneProps {
  readonly lane: LogLane;
  readonly members: readonly string[];
  readonly byKey: boolean;
}

function Lane({ lane, members, byKey }: LaneProps) {
  const { partition, start, end, stable, committed, position, owner, boxes } = lane;
  const [ref, width] = useWidth(760);
  const boxWide = width < PHONE_WIDE ? BOX_WIDE.phone : BOX_WIDE.usual;
  const shown = boxes.slice(-Math.max(1, Math.floor(width / boxWide) - 2));
  const first = shown[0] ? firstOf(shown[0]) : end, earlier = first - start;
  // Marks stand before the box of their offset; what lies in the older ones is said there.
  const marks = (from: number, to: number) =>
    [
      { at: committed, words: "committed" },
      { at: position, words: "read up to here" },
      { at: stable, words: "read-committed readers wait here" },
    ].filter(({ at }) => at !== null && at >= from && at < to).map(({ at, words }) =>
      html`<li key=${words} class=${`mark ${
        words.split(" ")[0]
      }`} title=${`${words}: offset ${at}`}><span class="unseen">${words}</span></li>`
    );
  const next = (at: number) => shown[at + 1] ? firstOf(shown[at + 1]!) : end;
  const words = [
    `Partition ${partition}: ${many(end - start, "offset")}, next offset ${end}`,
    owner ? `read by ${owner}` : "",
    committed === null ? "" : `committed ${committed}`,
  ].filter(Boolean).join(", ");
  return html`
    <div class="lane">
      <div class="who" style=${owner
        ? { "--owner": colour(members, owner) }
        : {}}><b>partition ${partition}</b>
          <div class="soft">${owner ? `read by ${owner}` : "read by nobody"}</div>
          ${committed !== null &&
            html`<div class="soft">committed ${count(committed)}${
              position !== null && position !== committed ? `, read to ${count(position)}` : ""
            }</div>`}</div>
      <ol ref=${ref} aria-label=${words}>
          ${earlier > 0 && html`<li class="done">${count(earlier)}<b>older</b></li>`}
          ${shown.map((box, at) => [
            ...marks(firstOf(box), next(at)),
            html`<${Box} key=${firstOf(box)} box=${box} committed=${committed} byKey=${byKey} />`,
          ])}
          ${marks(end, Infinity)}
          <li class="next">${end}<b>next</b></li>
        </ol>
    </div>
  `;
}

interface BoxProps {
  readonly box: LogBox;
  readonly committed: number | null;
  readonly byKey: boolean;
}

function Box({ box, committed, byKey }: BoxProps) {
  if (box.kind === "hole") {
    const { from, to } = box;
    return html`<li class="hole">${from === to ? from : `${from}–${to}`}<b>gone</b></li>`;
  }
  const { offset, transaction } = box;
  const state = transaction ? `tx ${transaction.state}` : "";
  const begins = transaction?.first === offset ? " begins" : "";
  if (box.kind === "marker") {
    const verb = transaction!.state === "committed" ? "commit" : "abort";
    return html`
      <li class=${`marker ${state}`}
        title=${`offset ${offset}: producer ${
          transaction!.producer
        } ends its transaction with ${verb}`}>${offset}<b><span aria-hidden="true">◆</span> ${verb}</b></li>
    `;
  }
  const { key, value } = box;
  return html`
    <li class=${`${
      (committed ?? 0) > offset ? "done" : "fresh"
    } ${state}${begins}`} style=${byKey && key !== null
      ? {
        background: `color-mix(in srgb, ${hueOf(key)} 24%, var(--card))`,
        color: "var(--text)",
      }
      : {}}
      title=${`offset ${offset}, key ${key ?? "null"}, value ${value ?? "null"}${
        transaction ? `, transaction of producer ${transaction.producer}: ${transaction.state}` : ""
      }`}>${offset}${key !== null && html`<i>${brief(key)}</i>`}<b>${brief(value)}</b>${state &&
        html`<span class="unseen">${transaction!.state}</span>`}</li>
  `;
}
