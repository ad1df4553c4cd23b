/** Small buttons of a view. */

import type { Words } from '../trace/words';
import { el } from './dom';

const TOLD_MS = 2000;

export function button(
  label: string,
  act: (button: HTMLButtonElement) => void,
  hint?: string
): HTMLButtonElement {
  const made = el('button', { type: 'button', class: 'qm-button', title: hint }, label);
  made.addEventListener('click', () => act(made));
  return made;
}

/** One that only makes sense inside a notebook; the style sheet hides it elsewhere. */
export function notebookButton(
  label: string,
  act: (button: HTMLButtonElement) => void,
  hint?: string
): HTMLButtonElement {
  const made = button(label, act, hint);
  made.classList.add('qm-in-notebook');
  return made;
}

/** Copies a text as it is, hidden characters included. */
export function copyButton(content: () => string, words: Words): HTMLButtonElement {
  const label = words.__('Copy');
  return button(label, made => {
    void copy(content(), made).then(done => {
      made.textContent = done ? words.__('Copied') : words.__('Could not copy');
      setTimeout(() => {
        made.textContent = label;
      }, TOLD_MS);
    });
  });
}

async function copy(content: string, beside: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    return copyBySelection(content, beside); // a server without https has no clipboard interface
  }
}

function copyBySelection(content: string, beside: Element): boolean {
  const area = el('textarea', { class: 'qm-offscreen' });
  area.value = content;
  beside.after(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (beside instanceof HTMLElement) beside.focus();
  return done;
}
