/** Programs, prompts and other long texts: coloured, bounded, with buttons. */

import { type Change, wordDiff } from '../trace/diff';
import { type Language, pieces } from '../trace/highlight';
import type { Words } from '../trace/words';
import { copyButton } from './buttons';
import { type Child, el, nodes } from './dom';

const MOST_SHOWN = 20_000;
/** A box of more characters or lines than these scrolls, so the keyboard must reach it. */
const SCROLLS_CHARACTERS = 1_500;
const SCROLLS_LINES = 20;

export interface BlockOptions {
  readonly label: string;
  readonly language?: Language;
  readonly words: Words;
  readonly buttons?: readonly Child[];
  /** What the copy button gives, where that is not the text shown. */
  readonly raw?: string;
}

/** A text in a box; a very long one shows its beginning and end, and the rest when asked to. */
export function block(content: string, options: BlockOptions): HTMLElement {
  const { words, language = 'text', raw = content } = options;
  const code = el('code', {}, ...coloured(cut(content, words), language));
  const box = boxed(code, content, options.label);
  const tools = el(
    'span',
    { class: 'qm-tools' },
    ...(options.buttons ?? []),
    copyButton(() => raw, words)
  );
  const node = el('div', { class: 'qm-block' }, tools, box);
  if (content.length > MOST_SHOWN) node.append(showAll(code, content, words));
  return node;
}

export function coloured(code: string, language: Language): Child[] {
  return pieces(code, language).map(piece =>
    piece.colour ? el('span', { class: `qm-${piece.colour}` }, piece.text) : piece.text
  );
}

export function boxed(code: HTMLElement, content: string, label: string): HTMLElement {
  const scrolls =
    content.length > SCROLLS_CHARACTERS || content.split('\n', SCROLLS_LINES + 1).length > SCROLLS_LINES;
  const reach = scrolls ? { tabindex: 0, role: 'group', aria: { label } } : {};
  return el('pre', { class: 'qm-pre', ...reach }, code);
}

/** Two texts beside each other, each with its own words marked. */
export function sideBySide(
  before: string,
  after: string,
  titles: readonly [Child, Child],
  words: Words
): HTMLElement {
  const changes = wordDiff(before, after);
  return el(
    'div',
    { class: 'qm-sides' },
    el('div', {}, el('div', { class: 'qm-dim' }, titles[0]), side(changes, 'gone', before, words)),
    el('div', {}, el('div', { class: 'qm-dim' }, titles[1]), side(changes, 'new', after, words))
  );
}

function side(changes: readonly Change[], kind: 'gone' | 'new', content: string, words: Words): HTMLElement {
  const shown = changes.filter(change => change.kind === 'same' || change.kind === kind);
  const mark = kind === 'gone' ? 'del' : 'ins';
  const parts = shown.map(change => (change.kind === 'same' ? change.text : el(mark, {}, change.text)));
  return boxed(el('code', {}, ...parts), content, kind === 'gone' ? words.__('Before') : words.__('After'));
}

function cut(content: string, words: Words): string {
  if (content.length <= MOST_SHOWN) return content;
  const tail = Math.floor(MOST_SHOWN / 3);
  const missing = words.__('%1 characters', (content.length - MOST_SHOWN).toLocaleString('en-US'));
  return `${content.slice(0, MOST_SHOWN - tail)}\n… [${missing}] …\n${content.slice(-tail)}`;
}

function showAll(code: HTMLElement, content: string, words: Words): HTMLElement {
  const label = words.__('Show all %1 characters', content.length.toLocaleString('en-US'));
  const made = el('button', { type: 'button', class: 'qm-button' }, label);
  made.addEventListener('click', () => {
    code.replaceChildren(...nodes([content]));
    made.remove();
  });
  return made;
}
