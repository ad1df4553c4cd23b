/** An error: type, message, hint; and beside it the step that repaired it. */

import { program, type Step } from '../trace/outline';
import type { Failure } from '../trace/record';
import type { Words } from '../trace/words';
import { button } from './buttons';
import { sideBySide } from './code';
import type { Context } from './context';
import { type Child, el } from './dom';

const MOST_MESSAGE = 4_000;

export function failureBlock(error: Failure, words: Words): HTMLElement {
  const type = error.type && el('strong', {}, `✗ ${error.type} `);
  return el(
    'div',
    { class: 'qm-failure' },
    type || el('strong', {}, `✗ ${words.__('error')} `),
    ...quoted(error.message),
    error.hint && el('div', { class: 'qm-hint' }, ...quoted(error.hint))
  );
}

export function failed(step: Step, context: Context): Child {
  if (step.span.error === null) return null;
  const { repair } = step;
  const said = failureBlock(step.span.error, context.words);
  return el('div', {}, said, repair && beside(step, repair, context));
}

/** The program that failed and the one that worked, with their differences marked. */
function beside(step: Step, repair: Step, context: Context): Child {
  const { words } = context;
  const way = button(words.__('Repaired by step %1', repair.number), () => context.goTo(repair));
  const [before, after] = [program(step.span), program(repair.span)];
  if (!before || !after || before === after) return way;
  return el('div', {}, sideBySide(before, after, [words.__('What failed'), way], words));
}

/** A message; what it quotes in backticks is set as code. */
function quoted(message: string): Child[] {
  const parts = message.slice(0, MOST_MESSAGE).split(/`([^`]{1,120})`/);
  return parts.map((part, i) => (i % 2 ? el('code', {}, part) : part));
}
