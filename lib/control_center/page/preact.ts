/** The page's two libraries, with their types; `deno task vendor-page` has copied them. */
// @ts-types="npm:preact@11.2.0"
import { type Attributes, Component, h, render, type VNode } from "./vendor/preact.mjs";
// @ts-types="npm:preact@11.2.0/hooks"
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./vendor/hooks.mjs";
import htm from "./vendor/htm.mjs";

export { Component, render, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState };

/**
 * A vnode of its own for each time that it is drawn. By default, htm gives markup without holes again: such a vnode goes
 * on pointing at its first parent, and so at all elements that the page had then.
 */
function anew(this: number[], ...element: Parameters<typeof h>): VNode {
  // How a maker of elements tells htm to keep none.
  this[0] = 3;
  return h(...element);
}

/** Markup with holes for values: text stays text. */
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode = htm.bind(anew);

/** What may stand in a hole of {@link html}. */
export type Markup = VNode | Markup[] | string | number | false | null | undefined;

/** What a component is given; `key` is preact's. */
export type Props<T> = T & Attributes;
