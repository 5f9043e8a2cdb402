// What all pages share: markup, numbers in words, questions to the server, dialogs.
import { h } from "./vendor/preact.mjs";
import { useEffect, useRef, useState } from "./vendor/hooks.mjs";
import htm from "./vendor/htm.mjs";

export const html = htm.bind(h);

const TOKEN = document.querySelector('meta[name="taxi-token"]')?.content ?? "";

/** 12345 -> "12,345"; what is not known is a dash. */
export const count = (number) =>
  number === null || number === undefined ? "–" : number.toLocaleString("en");

/** 1 topic, 2 topics. */
export const many = (number, word) => `${count(number)} ${word}${number === 1 ? "" : "s"}`;

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** 45453 -> "45.5 kB"; what is not known is a dash. */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const number = bytes / 1000 ** step;
  return `${number.toLocaleString("en", { maximumFractionDigits: number < 100 ? 1 : 0 })} ${
    UNITS[step]
  }`;
}

/** A time of day to the millisecond, in the reader's zone; with the date when it is not today. */
export function clock(ms) {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return String(ms);
  const two = (part, digits = 2) => String(part).padStart(digits, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${
    two(at.getMilliseconds(), 3)
  }`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return new Date().toDateString() === at.toDateString() ? time : `${day} ${time}`;
}

/** Asks the server; throws its words. */
export async function ask(path) {
  return await answer(await fetch(`/api${path}`));
}

/** Has the server change something; throws its words. */
export async function change(path, wish) {
  const body = JSON.stringify(wish);
  const headers = { "content-type": "application/json", "x-taxi-token": TOKEN };
  return await answer(await fetch(`/api${path}`, { method: "POST", headers, body }));
}

async function answer(response) {
  const said = await response.json().catch(() => ({
    message: `The server answers with ${response.status}`,
  }));
  if (!response.ok) throw new Error(said.message);
  return said;
}

/** An answer that is asked for again whenever `again` changes. */
export function useAnswer(path, again) {
  const [state, setState] = useState({ path });
  useEffect(() => {
    let isGone = false;
    ask(path).then(
      (value) => isGone || setState({ path, value }),
      (error) =>
        isGone ||
        setState((old) => ({ ...(old.path === path ? old : { path }), error: error.message })),
    );
    return () => isGone = true;
  }, [path, again]);
  return state.path === path ? state : { path };
}

/** How wide an element is, told again when that changes. Gives [ref, width]. */
export function useWidth(first) {
  const ref = useRef();
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) =>
      setWidth(Math.round(contentRect.width))
    );
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

/** A modal question with fields; `onSend` gets their values, its error is shown. */
export function Dialog({ title, send, danger, onSend, onClose, children }) {
  const ref = useRef();
  const [state, setState] = useState({});
  useEffect(() => {
    ref.current.showModal();
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    setState({ busy: true });
    try {
      await onSend(Object.fromEntries(new FormData(event.target)));
      // Closing it gives the focus back to where it came from, and calls onClose.
      ref.current?.close();
    } catch (error) {
      setState({ error: error.message });
    }
  };
  return html`
    <dialog ref=${ref} aria-label=${title} onClose=${onClose}>
      <form onSubmit=${submit}>
          <h2>${title}</h2>
          ${children}
          ${state.error && html`<p class="error" role="alert">${state.error}</p>`}
          <div class="row">
            <button type="button" onClick=${() => ref.current.close()}>Cancel</button>
            <button class=${danger ? "danger" : "main"} disabled=${state.busy}>${send}</button>
          </div>
        </form>
    </dialog>
  `;
}

/** A link to a place on this page; names of topics and groups may contain anything. */
export const to = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

/** Heading, where one is, and what can be done. */
export function Head({ crumbs = [], title, children }) {
  return html`
    ${crumbs && html`
      <nav class="crumbs" aria-label="Where you are">
        <a href="#/">Cluster 1</a>${crumbs.map(([name, href]) => html`<a href=${href}>${name}</a>`)}
      </nav>
    `}
    <div class="head">
      <h1>${title}</h1>
      <div class="row">${children}</div>
    </div>
  `;
}

/** The colour of a member, the same wherever it is shown. */
export const colour = (names, name) => `var(--taxi-${Math.max(0, names.indexOf(name)) % 6})`;
