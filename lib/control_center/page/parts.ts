// What all pages share: numbers in words, questions to the server, dialogs, links.
import { api } from "./address.ts";
import { CodeButton, CodePanel } from "./as_code.ts";
import { html, type Markup, useEffect, useLayoutEffect, useRef, useState } from "./preact.ts";
import { openStream, WAITS } from "./stream_slots.ts";
import { count, eventTime, many, plural } from "./words.ts";

export { count, eventTime, html, many, plural };

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** 45453 -> "45.5 kB"; what is not known is a dash. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return "–";
  if (bytes === 1) return "1 byte";
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const number = bytes / 1000 ** step;
  return `${number.toLocaleString("en", { maximumFractionDigits: number < 100 ? 1 : 0 })} ${
    UNITS[step]
  }`;
}

/** A time of day to the millisecond, in the reader's zone; with the date when it is not today. */
export function clock(ms: number): string {
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) return String(ms);
  const two = (part: number, digits = 2) => String(part).padStart(digits, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${
    two(at.getMilliseconds(), 3)
  }`;
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return new Date().toDateString() === at.toDateString() ? time : `${day} ${time}`;
}

/** To the second: finer is noise here. */
export const moment = (ms: number): string => clock(ms).slice(0, -4);

/** 604800000 -> "7 days". */
export function duration(ms: number): string {
  const steps = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]];
  for (const [word, length] of steps as [string, number][]) {
    if (ms >= length) return many(Math.round(ms / length * 10) / 10, word);
  }
  return `${ms} ms`;
}

/** Answers that may still hold, by path: the server does not send them again. */
const known = new Map<string, { readonly tag: string; readonly value: unknown }>();
const KNOWN = 30;

/** Asks the server; throws its words. */
export async function ask<T>(path: string): Promise<T> {
  const before = known.get(path);
  const response = await fetch(api(path), {
    headers: before ? { "if-none-match": before.tag } : {},
  });
  if (response.status === 304 && before) return before.value as T;
  const value = await answer<T>(response), tag = response.headers.get("etag");
  known.delete(path);
  if (tag) known.set(path, { tag, value });
  for (const oldest of [...known.keys()].slice(0, -KNOWN)) known.delete(oldest);
  return value;
}

/** What the server lets only its own pages know. */
const token = () =>
  document.querySelector<HTMLMetaElement>('meta[name="taxi-token"]')?.content ?? "";

/** Has the server change something; throws its words. */
export async function change<T>(path: string, wish: object): Promise<T> {
  const body = JSON.stringify(wish);
  const headers = { "content-type": "application/json", "x-taxi-token": token() };
  return await answer(await fetch(api(path), { method: "POST", headers, body }));
}

async function answer<T>(response: Response): Promise<T> {
  const said = await response.json().catch(() => ({
    message: `The server answers with ${response.status}`,
  }));
  if (!response.ok) throw new Error(said.message);
  return said as T;
}

/** An answer, and why the newest try has none. */
export interface Answered<T> {
  readonly value?: T;
  readonly error?: string;
}

/** What a page asks for, and how often. */
export interface Asking<T> {
  /** Names what is asked for: of another one nothing is known. Nothing is asked for while it is empty. */
  readonly of: string;
  /** Gets what is known, and returns what is known then. */
  readonly look: (known: T | undefined) => Promise<T>;
  /** Time from an answer to the next question, while somebody looks. @default it is asked for once */
  readonly everyMs?: number | undefined;
  /** Asks at once when it changes. */
  readonly again?: unknown;
}

/** Asks one question at a time: a slow server is not asked again before it has answered. */
export function useAsked<T>({ of, look, everyMs, again }: Asking<T>): Answered<T> {
  const [state, setState] = useState<Answered<T> & { readonly of: string }>({ of });
  const known = useRef(state);
  useEffect(() => {
    let isGone = false, timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (now: Answered<T>) => {
      if (!isGone) setState(known.current = { of, ...now });
    };
    const asks = async () => {
      const before: Answered<T> = known.current.of === of ? known.current : {};
      try {
        tell({ value: await look(before.value) });
      } catch (error) {
        tell({ ...before, error: (error as Error).message });
      }
      next();
    };
    const next = () => {
      if (isGone || everyMs === undefined) return;
      const isSeen = () => !document.hidden && !document.body.dataset.frozen;
      timer = setTimeout(() => isSeen() ? void asks() : next(), everyMs);
    };
    if (of !== "") void asks();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [of, everyMs, again]);
  return state.of === of ? state : {};
}

/** The answer to a path. */
export const useAnswer = <T>(
  path: string,
  often: Pick<Asking<T>, "everyMs" | "again"> = {},
): Answered<T> => useAsked<T>({ ...often, of: path, look: () => ask<T>(path) });

/** The newest event of this name that the server sends while somebody looks. */
export function useStream<T>(path: string, name: string): Answered<T> {
  const [state, setState] = useState<Answered<T>>({});
  const [isHidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const turned = () => setHidden(document.hidden);
    document.addEventListener("visibilitychange", turned);
    return () => document.removeEventListener("visibilitychange", turned);
  }, []);
  useEffect(() => {
    if (isHidden) return;
    const failed = (error: string) => setState((old) => ({ ...old, error }));
    return openStream(() => {
      const stream = new EventSource(api(path));
      stream.addEventListener(name, ({ data }) => setState({ value: JSON.parse(data) }));
      stream.addEventListener("failed", ({ data }) => {
        failed(JSON.parse(data).message);
        stream.close();
      });
      stream.onerror = () => {
        if (stream.readyState === EventSource.CLOSED) {
          failed("The server does not let this be read");
        }
      };
      return () => stream.close();
    }, () => failed(WAITS));
  }, [path, name, isHidden]);
  return state;
}

/** A ref for an element, and its width, kept up to date. */
export function useWidth(first: number): [{ current: HTMLElement | null }, number] {
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)));
    watch.observe(ref.current!);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

/** What stands in the field that an event is about. */
export const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

export interface DialogProps {
  readonly title: string;
  /** Word of the button that sends. */
  readonly send: string;
  /** Word of the button that closes it. @default "Cancel" */
  readonly cancel?: string;
  readonly danger?: boolean;
  /** Gets the fields' values; its error is shown. Returning false leaves the dialog open. */
  readonly onSend: (fields: Record<string, string>) => unknown;
  readonly onClose: () => void;
  readonly children?: Markup;
}

/** A modal question with fields. */
export function Dialog(
  { title, send, cancel = "Cancel", danger, onSend, onClose, children }: DialogProps,
) {
  const ref = useRef<HTMLDialogElement>(null);
  const [state, setState] = useState<{ readonly busy?: boolean; readonly error?: string }>({});
  // Before the next key: what somebody types on must not go to the page behind.
  useLayoutEffect(() => {
    ref.current!.showModal();
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (state.busy) return;
    setState({ busy: true });
    try {
      const form = new FormData(event.target as HTMLFormElement);
      const stays = await onSend(Object.fromEntries(form) as Record<string, string>) === false;
      setState({});
      // Closing it gives the focus back to where it came from, and calls onClose.
      if (!stays) ref.current?.close();
    } catch (error) {
      setState({ error: (error as Error).message });
    }
  };
  // A button that is disabled while it sends would lose the focus.
  return html`
    <dialog ref=${ref} aria-label=${title} onClose=${onClose}>
      <form onSubmit=${submit}>
          <h2>${title}</h2>
          ${children}
          ${state.error && html`<p class="error" role="alert">${state.error}</p>`}
          <div class="row">
            <button type="button" onClick=${() => ref.current!.close()}>${cancel}</button>
            <button class=${danger ? "danger" : "main"} aria-disabled=${state.busy}>${send}</button>
          </div>
        </form>
    </dialog>
  `;
}

/** A link to a place on this page; names of topics and groups may contain anything. */
export const to = (...parts: readonly string[]): string =>
  `#/${parts.map(encodeURIComponent).join("/")}`;

/** A link to one record, opened among those that come after it. */
export const toRecord = (
  topic: string,
  { partition, offset }: { readonly partition: number; readonly offset: number },
): string =>
  `${
    to("topics", topic)
  }?from=offset%3A${offset}&partition=${partition}&open=${partition}.${offset}`;

export interface HeadProps {
  readonly title: string;
  /** Null on the first page. */
  readonly crumbs?: readonly (readonly [string, string])[] | null;
  readonly children?: Markup;
}

/** Heading, where one is, and what can be done. */
export function Head({ crumbs = [], title, children }: HeadProps) {
  const [isCode, setCode] = useState(false);
  return html`
    ${crumbs && html`
      <nav class="crumbs" aria-label="Where you are">
        <a href="#/">Cluster 1</a>${crumbs.map(([name, href]) => html`<a href=${href}>${name}</a>`)}
      </nav>
    `}
    <div class="head">
      <h1>${title}</h1>
      <div class="row">${children}<${CodeButton} isOpen=${isCode} turn=${() =>
        setCode(!isCode)} /></div>
    </div>
    ${isCode && html`<${CodePanel} />`}
  `;
}

/** The colour of a member, the same wherever it is shown. */
export const colour = (names: readonly string[], name: string): string =>
  `var(--taxi-${Math.max(0, names.indexOf(name)) % 6})`;
