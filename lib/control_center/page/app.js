// The shell: what the cluster says once a second, where one is, and the page of that place.
import { render } from "./vendor/preact.mjs";
import { useEffect, useRef, useState } from "./vendor/hooks.mjs";
import { html } from "./parts.js";
import { Cluster } from "./cluster.js";
import { Topics } from "./topics.js";
import { Topic } from "./topic.js";
import { Groups } from "./groups.js";
import { Group } from "./group.js";
import { Schemas } from "./schemas.js";
import { Subject } from "./subject.js";
import { Apps } from "./apps.js";
import { AppPage } from "./app_page.js";

const place = () =>
  location.hash.replace(/^#\//, "").split("/").filter(Boolean).map(decodeURIComponent);

/** The newest snapshot. A hidden page asks for nothing: browsers allow few connections to one server. */
function useNow() {
  const [now, setNow] = useState(undefined);
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    let stream;
    const open = () => {
      stream?.close();
      if (document.hidden) return;
      stream = new EventSource("/api/live");
      stream.addEventListener("now", (event) => {
        setNow(JSON.parse(event.data));
        setCut(false);
      });
      stream.onerror = () => {
        setCut(true);
        // A server that was started again gives new pages a new token: the page goes with it.
        if (stream.readyState === EventSource.CLOSED) setTimeout(open, 1000);
      };
    };
    open();
    document.addEventListener("visibilitychange", open);
    return () => {
      stream?.close();
      document.removeEventListener("visibilitychange", open);
    };
  }, []);
  return { now, isCut };
}

function App() {
  const [path, setPath] = useState(place());
  const { now, isCut } = useNow();
  const main = useRef();
  useEffect(() => {
    const moved = () => {
      setPath(place());
      scrollTo(0, 0);
      main.current?.focus();
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  const [room = "", name] = path;
  useEffect(() => {
    document.title = `${name ?? (room || "cluster")} · Control Center`;
  }, [room, name]);
  return html`
    <a class="skip" href="#main" onClick=${(event) => {
      event.preventDefault();
      main.current.focus();
    }}>Skip to content</a>
    <div class="shell">
      <${Side} room=${room} now=${now} />
      <main id="main" tabindex="-1" ref=${main}>
            <${Banner} now=${now} isCut=${isCut} />
            ${now === undefined
              ? html`<p class="soft" role="status">Looking at the cluster …</p>`
              : html`<${Room} room=${room} name=${name} tab=${
                path[2]
              } now=${now} key=${`${room}/${name}`} />`}
          </main>
    </div>
  `;
}

function Room({ room, name, tab, now }) {
  if (room === "topics") {
    return name
      ? html`<${Topic} topic=${name} tab=${tab} now=${now} />`
      : html`<${Topics} now=${now} />`;
  }
  if (room === "groups") {
    return name ? html`<${Group} group=${name} now=${now} />` : html`<${Groups} now=${now} />`;
  }
  if (room === "schemas") {
    return name ? html`<${Subject} subject=${name} now=${now} />` : html`<${Schemas} now=${now} />`;
  }
  if (room === "apps") {
    return name
      ? html`<${AppPage} app=${name} table=${tab} now=${now} />`
      : html`<${Apps} now=${now} />`;
  }
  return html`<${Cluster} now=${now} />`;
}

function Side({ room, now }) {
  const link = (where, words, number) =>
    html`<a href=${`#/${where}`} aria-current=${room === where ? "page" : undefined}>
      ${words}<span class="count">${number}</span></a>`;
  return html`
    <header class="side">
      <a class="brand"
        href="#/"><img src="/page/icon.svg" alt="" /><span>Control Center<small>Taxi Streams</small></span></a>
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
function Banner({ now, isCut }) {
  const troubles = isCut
    ? ["The Control Center itself does not answer (run “deno task up”)"]
    : [now?.kafkaTrouble, now?.registryTrouble].filter(Boolean);
  return html`<div role="alert">
    ${
    troubles.map((text) =>
      html`<div class="banner"><b>${text}</b>
      <div class="soft">Waiting for it. This page goes on by itself as soon as it is back; what it shows is the last that was known.</div>
    </div>`
    )
  }
  </div>`;
}

render(html`<${App} />`, document.getElementById("app"));
