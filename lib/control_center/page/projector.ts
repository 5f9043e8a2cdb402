// One picture alone, large, for a projector: `?show=lag` in the address, or its number among the page's pictures.
import type { Snapshot } from "../contract.ts";
import { newsBetween } from "./news.ts";
import { html, useEffect, useRef, useState } from "./preact.ts";
import { readPlace, rememberPlace, withPlace } from "./place.ts";

const NEWS_MS = 6_000;

const shown = () => readPlace(location.hash)?.query.get("show") ?? undefined;
const pictures = () =>
  [...document.querySelectorAll<HTMLElement>("[data-picture]")].map((one) => one.dataset.picture!);

/** Hides every picture but one: which there are is known only while they are drawn. */
let sheet: CSSStyleSheet | undefined;

function adopted(): CSSStyleSheet {
  const made = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, made];
  return made;
}

function apply(show: string | undefined): void {
  const { dataset } = document.body;
  if (show) dataset.show = show;
  else for (const name of ["show", "frozen", "blank"]) delete dataset[name];
  sheet ??= adopted();
  sheet.replaceSync(
    show ? `[data-picture]:not([data-picture="${CSS.escape(show)}"]) { display: none }` : "",
  );
}

const toggle = (name: "frozen" | "blank") => {
  const { dataset } = document.body;
  if (dataset[name]) delete dataset[name];
  else dataset[name] = "1";
};

/** Follows the address and the keys: 1 to 9 choose a picture, f freezes it, b blanks the page, Escape leaves. */
function useShown(): string | undefined {
  const [show, setShow] = useState(shown);
  useEffect(() => {
    const moved = () => setShow(shown());
    const choose = (name: string | undefined) => {
      rememberPlace({ show: name });
      setShow(name);
    };
    const pressed = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      const isTyping = (target as Element).closest("input, textarea, select, dialog");
      if (!shown() || isTyping || ctrlKey || metaKey || altKey) return;
      if (/^[1-9]$/.test(key)) choose(pictures()[Number(key) - 1] ?? shown());
      else if (key === "Escape") choose(undefined);
      else if (key === "f") toggle("frozen");
      else if (key === "b") toggle("blank");
    };
    addEventListener("hashchange", moved);
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("hashchange", moved);
      removeEventListener("keydown", pressed);
    };
  }, []);
  useEffect(() => apply(show), [show]);
  return show;
}

/** What a projector shows besides the picture: what just happened, in large words, and the keys. */
export function Projector({ now }: { readonly now: Snapshot | undefined }) {
  const show = useShown();
  const before = useRef<Snapshot | undefined>(undefined);
  const [news, setNews] = useState<readonly string[]>([]);
  useEffect(() => {
    const found = before.current && now ? newsBetween(before.current, now) : [];
    before.current = now;
    if (found.length > 0) setNews(found);
  }, [now]);
  useEffect(() => {
    if (news.length === 0) return;
    const timer = setTimeout(() => setNews([]), NEWS_MS);
    return () => clearTimeout(timer);
  }, [news]);
  if (!show) return null;
  return html`
    <div class="projector">
      <p class="news" role="status">${news.map((one) => html`<b>${one}</b>`)}</p>
      <p class="note">1–9 another picture · f freeze · b blank · <a class="inline"
        href=${withPlace({ show: undefined })}>Esc: the whole page</a></p>
    </div>
  `;
}

/** The link that shows a picture alone. */
export function Large({ name, words }: { readonly name: string; readonly words: string }) {
  return html`<a class="large" href=${
    withPlace({ show: name })
  } aria-label=${`${words} alone, large`} title="Alone, large">large</a>`;
}
