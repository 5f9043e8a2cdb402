// The lanes alone, for a frame in a notebook cell: it only reads.
import { render } from "./vendor/preact.mjs";
import { useEffect, useState } from "./vendor/hooks.mjs";
import { html } from "./parts.js";
import { Lanes } from "./lanes.js";

const query = new URLSearchParams(location.search);

function Embedded() {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setBeat(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return html`<${Lanes} topic=${query.get("topic") ?? ""} group=${
    query.get("group") ?? ""
  } beat=${beat} />`;
}

render(html`<${Embedded} />`, document.getElementById("app"));
