import { escapeHtml, frame, type Picture, picture, tag } from "../show/mod.ts";

/** One question with its possible answers. */
export interface Quiz {
  /** One sentence, shown above the options. */
  readonly question: string;
  /** Lettered a, b, c … in this order. */
  readonly options: readonly string[];
  /** Index of the right option, from 0. */
  readonly answer: number;
  /** Why it is right; or one sentence for each option. */
  readonly why: string | readonly string[];
}

const CSS =
  `.taxi-quiz details,.taxi-folded details{border:1px solid var(--taxi-line);border-radius:7px;margin:6px 0;max-width:72ch}` +
  `.taxi-quiz summary,.taxi-folded summary{cursor:pointer;padding:6px 12px}` +
  `.taxi-quiz .why,.taxi-folded .why{padding:2px 14px 9px 30px;white-space:pre-wrap}`;

/**
 * A question whose answers unfold: open the one you believe, and read whether it is right and why.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { quiz } from "./quiz.ts";
 * const one = quiz({ question: "Order holds …", options: ["per topic", "per partition"], answer: 1, why: "…" });
 * assert.equal(one.text, "Order holds …\n  a) per topic\n  b) per partition");
 * ```
 * @throws {RangeError} If `answer` is not the index of an option, or `why` has another length than the options.
 */
export function quiz({ question, options, answer, why }: Quiz): Picture {
  if (!Number.isInteger(answer) || options[answer] === undefined) {
    throw new RangeError(
      `Cannot ask "${question}": answer is ${answer}, options are 0 to ${options.length - 1}`,
    );
  }
  if (typeof why !== "string" && why.length !== options.length) {
    throw new RangeError(
      `Cannot ask "${question}": ${why.length} reasons for ${options.length} options`,
    );
  }
  const folded = options.map((option, index) => {
    const right = index === answer;
    const reason = typeof why === "string" ? (right ? why : "") : why[index]!;
    const color = right ? "var(--taxi-good)" : "var(--taxi-bad)";
    return tag(
      "details",
      {},
      tag("summary", {}, escapeHtml(`${letter(index)} ${option}`)),
      tag(
        "div",
        { class: "why" },
        tag("b", { style: `color:${color}` }, right ? "✓ Yes. " : "✗ No. "),
        escapeHtml(reason),
      ),
    );
  });
  const listed = options.map((option, index) => `  ${letter(index)} ${option}`);
  return picture(
    frame(folded.join(""), { kind: "quiz", title: question, css: CSS }),
    [question, ...listed].join("\n"),
  );
}

function letter(index: number): string {
  return `${String.fromCharCode(97 + index)})`;
}

/** A hint, folded until it is wanted. */
export function hint(text: string): Picture {
  return folded("Hint", tag("div", { class: "why" }, escapeHtml(text)), text);
}

/** A solution, folded until it is wanted; code keeps its lines. */
export function solution(code: string): Picture {
  return folded("Solution", tag("pre", { class: "why mono" }, escapeHtml(code)), code);
}

function folded(summary: string, body: string, text: string): Picture {
  const markup = tag("details", {}, tag("summary", {}, summary), body);
  return picture(frame(markup, { kind: "folded", css: CSS }), `${summary}: ${text}`);
}
