import assert from "node:assert/strict";
import { html } from "./preact.ts";

Deno.test("html makes each vnode anew: one that is given again keeps the page of its first time", () => {
  const list = () =>
    html`
      <table>
        <thead>
          <tr>
            <th>Key</th>
          </tr>
        </thead>
      </table>
    `;
  const [first, second] = [list(), list()];
  assert.notEqual(first, second);
  assert.notEqual(first.props.children, second.props.children);
});
