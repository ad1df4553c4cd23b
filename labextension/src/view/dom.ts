/**
 * Builds elements. This is the only place that makes nodes from the text of a trace.
 *
 * A trace may come from anyone and is drawn in untrusted notebooks too, so texts become text nodes, hidden characters
 * are written out, and only the attributes below can be set: none of them loads, links or runs anything.
 */

import { visible } from '../trace/visible';

export interface Attributes {
  readonly class?: string;
  readonly title?: string | undefined;
  readonly id?: string;
  readonly for?: string;
  readonly type?: 'button' | 'checkbox' | 'search';
  readonly role?: string;
  readonly scope?: 'col' | 'row';
  readonly tabindex?: number;
  readonly hidden?: boolean;
  readonly dir?: 'auto';
  readonly aria?: Readonly<Record<string, string | number | boolean | null>>;
}

export type Child = Node | string | null | undefined | false;

/** An element with attributes, classes and children; strings become text, whatever stands in them. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name);
  const { class: classes, title, aria, hidden, tabindex, ...others } = attributes;
  if (classes) node.className = classes;
  if (title) node.title = visible(title);
  if (hidden) node.hidden = true;
  if (tabindex !== undefined) node.tabIndex = tabindex;
  for (const [key, value] of Object.entries(others)) node.setAttribute(key, visible(String(value)));
  for (const [key, value] of Object.entries(aria ?? {})) setAria(node, key, value);
  node.append(...nodes(children));
  return node;
}

export function setAria(node: Element, key: string, value: string | number | boolean | null): void {
  if (value === null) node.removeAttribute(`aria-${key}`);
  else node.setAttribute(`aria-${key}`, visible(String(value)));
}

export function nodes(children: readonly Child[]): Node[] {
  return children.flatMap(child => {
    if (child instanceof Node) return child;
    return child ? document.createTextNode(visible(child)) : [];
  });
}

/** Children with a separator between each two. */
export function separated(children: readonly Child[], separator = ' · '): Child[] {
  return children.filter(Boolean).flatMap((child, i) => (i ? [separator, child] : [child]));
}

/** Makes `wanted` the children of `parent`. Nodes that stay are not taken out, so they keep focus and scroll position. */
export function arrange(parent: Element, wanted: readonly Node[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child as Node)) child.remove();
  let next = parent.firstChild;
  for (const node of wanted) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

/** A place whose content is built anew only when what it is made from has changed. */
export class Slot {
  private key: string | null = null;

  constructor(readonly node: HTMLElement) {}

  fill(key: unknown, build: () => readonly Child[]): void {
    const now = JSON.stringify(key);
    if (now === this.key) return;
    this.key = now;
    this.node.replaceChildren(...nodes(build()));
  }
}
