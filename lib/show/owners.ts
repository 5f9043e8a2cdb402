import { escapeHtml, tag } from "./markup.ts";
import type { Fills } from "./pattern.ts";
import { hue } from "./theme.ts";

/** What the legend of members needs to know. */
export interface OwnersLook {
  readonly fills: Fills;
  /** Partitions (or anything with a short name) that a member owns; none means idle. */
  owned(member: string): readonly (number | string)[];
}

const CHIP =
  "display:inline-flex;align-items:center;gap:7px;margin:8px 18px 0 0;white-space:nowrap";

/** Members with their colour, pattern and name, and what each one owns. An idle member is dashed and says so. */
export function owners(members: readonly string[], { fills, owned }: OwnersLook): string {
  const chips = members.map((member, index) => {
    const mine = owned(member);
    const idle = mine.length === 0;
    const swatch = tag(
      "svg",
      { width: 22, height: 16, "aria-hidden": "true" },
      tag("rect", {
        x: 1,
        y: 1,
        width: 20,
        height: 14,
        rx: 4,
        fill: idle ? "none" : fills.fill(index),
        stroke: idle ? "var(--taxi-soft)" : hue(index),
        "stroke-width": 1.5,
        "stroke-dasharray": idle ? "3 3" : undefined,
      }),
    );
    const says = idle ? "idle: owns no partition" : `owns ${mine.join(", ")}`;
    return tag(
      "span",
      { style: CHIP },
      swatch,
      tag("b", {}, escapeHtml(member)),
      tag("span", { style: "color:var(--taxi-soft)" }, escapeHtml(says)),
    );
  });
  return tag("div", { class: "taxi-owners" }, ...chips);
}
