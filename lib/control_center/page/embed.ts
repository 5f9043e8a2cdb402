// The lanes of a topic alone, for a frame in a notebook cell; it only reads.
import { render } from "./preact.ts";
import { html } from "./parts.ts";
import { Lanes } from "./lanes.ts";

const query = new URLSearchParams(location.search);

render(
  html`<${Lanes} topic=${query.get("topic") ?? ""} group=${query.get("group") ?? ""} />`,
  document.getElementById("app")!,
);
