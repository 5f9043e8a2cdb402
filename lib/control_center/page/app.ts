// The shell: what the cluster is like now, where one is, and the page of that place.
import type { Snapshot } from "../contract.ts";
import { type Markup, render, useEffect, useRef, useState } from "./preact.ts";
import { count, Head, html } from "./parts.ts";
import { type Place, readPlace } from "./place.ts";
import { useLive } from "./live.ts";
import { Projector } from "./projector.ts";
import { worriesOf } from "./worries.ts";
import { Broker } from "./broker.ts";
import { Cluster } from "./cluster.ts";
import { Topics } from "./topics.ts";
import { Topic, TOPIC_TABS } from "./topic.ts";
import { Groups } from "./groups.ts";
import { Group } from "./group.ts";
import { Schemas } from "./schemas.ts";
import { Subject } from "./subject.ts";
import { Apps } from "./apps.ts";
import { AppPage } from "./app_page.ts";

const ROOMS: readonly string[] = ["", "brokers", "topics", "groups", "schemas", "apps"];

/** Whether there is a page for such a path; what it shows may be missing in the cluster all the same. */
function isPlace([room = "", name, tab, ...more]: readonly string[]): boolean {
  if (!ROOMS.includes(room) || more.length > 0) return false;
  if (room === "") return name === undefined;
  if (room === "brokers" && name === undefined) return false;
  if (tab === undefined || room === "apps") return true;
  return room === "topics" && TOPIC_TABS.some(([one]) => one === tab);
}

/** Pages are as old as the server that gave them: one that was started again gets a page of its own. */
function useReload(now: Snapshot | undefined): void {
  const first = useRef<string | undefined>(undefined), server = now?.server;
  useEffect(() => {
    first.current ??= server;
    if (first.current === server) return;
    // Never under somebody's hands: what was typed would be lost.
    const reload = () => {
      const isTyping = document.activeElement?.matches("input, textarea");
      if (!isTyping && !document.querySelector("dialog[open]")) location.reload();
    };
    reload();
    // Neither bubbles.
    const ends = ["close", "blur"];
    for (const end of ends) document.addEventListener(end, reload, true);
    return () => {
      for (const end of ends) document.removeEventListener(end, reload, true);
    };
  }, [server]);
}

function App() {
  // Going somewhere shows that place from its beginning; choosing something there does not.
  const [visit, setVisit] = useState<{ readonly place: Place | undefined; readonly nth: number }>({
    place: readPlace(location.hash),
    nth: 0,
  });
  const { now: newest, isCut } = useLive();
  useReload(newest);
  // A frozen picture stays as it is; everything goes on underneath.
  const kept = useRef(newest);
  if (!document.body.dataset.frozen) kept.current = newest;
  const now = kept.current;
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    const moved = () => {
      setVisit(({ nth }) => ({ place: readPlace(location.hash), nth: nth + 1 }));
      scrollTo(0, 0);
      main.current?.focus();
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  const path = visit.place?.path ?? ["?"];
  const [room = "", name] = path;
  useEffect(() => {
    const known = isPlace(path) ? name ?? (room || "cluster") : "nothing here";
    document.title = `${known} · Control Center`;
  }, [path.join("/")]);
  return html`
    <a class="skip" href="#main" onClick=${(event: Event) => {
      event.preventDefault();
      main.current!.focus();
    }}>Skip to content</a>
    <div class="shell">
      <${Side} room=${room} now=${now} />
      <main id="main" tabindex="-1" ref=${main}>
            <${Projector} now=${now} />
            <${Banner} now=${now} isCut=${isCut} />
            ${now === undefined
              ? html`<p class="soft" role="status">Looking at the cluster …</p>`
              : html`
                <${Room} path=${path} now=${now} key=${`${room}/${name} ${visit.nth}`} />
              `}
          </main>
    </div>
  `;
}

interface RoomProps {
  readonly path: readonly string[];
  readonly now: Snapshot;
}

function Room({ path, now }: RoomProps): Markup {
  if (!isPlace(path)) return html`<${Nowhere} />`;
  const [room, name, tab] = path;
  if (room === "brokers") return html`<${Broker} broker=${name} now=${now} />`;
  if (room === "topics") {
    return name === undefined
      ? html`<${Topics} now=${now} />`
      : html`<${Topic} topic=${name} tab=${tab} now=${now} />`;
  }
  if (room === "groups") {
    return name === undefined
      ? html`<${Groups} now=${now} />`
      : html`<${Group} key=${name} group=${name} now=${now} />`;
  }
  if (room === "schemas") {
    return name === undefined ? html`<${Schemas} />` : html`<${Subject} subject=${name} />`;
  }
  if (room === "apps") {
    return name === undefined
      ? html`<${Apps} now=${now} />`
      : html`<${AppPage} app=${name} table=${tab} now=${now} />`;
  }
  return html`<${Cluster} now=${now} />`;
}

function Nowhere() {
  return html`
    <${Head} title="There is no such place">
      </${Head}>
      <p
        class="card">This address names no page: <code>${location.hash.slice(
          0,
          200,
        )}</code>.${" "}<a href="#/">Cluster 1</a></p>
  `;
}

function Side({ room, now }: { readonly room: string; readonly now: Snapshot | undefined }) {
  const worries = now ? worriesOf(now) : {};
  const link = (where: string, words: string, number: number | string | undefined) => {
    const isHere = room === where || (where === "" && room === "brokers"), worry = worries[where];
    return html`<a href=${`#/${where}`} aria-current=${isHere ? "page" : undefined}>
      ${words}<span class="count">${
      worry && html`
        <span class="badge"
          title=${worry}><span aria-hidden="true">!</span><span class="unseen">${worry}</span></span>
      `
    }${typeof number === "number" ? count(number) : ""}</span></a>`;
  };
  return html`
    <header class="side">
      <a class="brand"
        href="#/"><img src="page/icon.svg" alt="" /><span>Control Center<small>Taxi Streams</small></span></a>
      <nav aria-label="Places">
          ${link("", "Cluster 1", "")}
          ${link("topics", "Topics", now?.topics.filter((one) => !one.internal).length)}
          ${link("groups", "Consumer groups", now?.groups.length)}
          ${link("schemas", "Schemas", "")}
          ${link("apps", "Streams apps", now?.apps.length)}
        </nav>
    </header>
  `;
}

/** What is gone, and that it is being waited for. */
function Banner({ now, isCut }: { readonly now: Snapshot | undefined; readonly isCut: boolean }) {
  const troubles = isCut
    ? ["The Control Center itself does not answer (run “deno task up”)"]
    : [now?.kafkaTrouble, now?.registryTrouble].filter(Boolean);
  return html`<div role="alert">
    ${
    now?.missingRight && !isCut
      ? html`<div class="banner"><b>${now.missingRight}</b>
      <div class="soft">This user may see no topic at all. This page shows what he may see as soon as it is granted.</div>
    </div>`
      : null
  }
    ${
    troubles.map((text) =>
      html`<div class="banner"><b>${text}</b>
      <div class="soft">Waiting for it. This page goes on by itself as soon as it is back; what it shows is the last that was known.</div>
    </div>`
    )
  }
  </div>`;
}

render(html`<${App} />`, document.getElementById("app")!);
