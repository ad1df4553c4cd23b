/** Draws two runs beside each other. */

import { content, facts, isSame, type Pair, pairs } from '../trace/compare';
import { kindWord, statusWord } from '../trace/facts';
import { duration } from '../trace/format';
import type { Step } from '../trace/outline';
import type { Trace } from '../trace/record';
import { oneLine } from '../trace/visible';
import type { Words } from '../trace/words';
import { sideBySide } from './code';
import { type Child, el } from './dom';

const MOST_PAIRS = 300;

export function comparison(before: Trace, after: Trace, words: Words): HTMLElement {
  const all = pairs(before, after);
  const changed = all.filter(pair => !isSame(pair)).length;
  const said = changed
    ? words._n('%1 step differs', '%1 steps differ', changed)
    : words.__('The steps are the same');
  return el(
    'div',
    { class: 'qm-view qm-comparison' },
    el('h2', {}, words.__('Two runs')),
    factTable(before, after, words),
    el('h3', {}, said),
    ...all.slice(0, MOST_PAIRS).map(pair => pairOf(pair, words))
  );
}

function factTable(before: Trace, after: Trace, words: Words): HTMLElement {
  const titles = [words.__('First'), words.__('Second')].map(title => el('th', { scope: 'col' }, title));
  const head = [el('td', {}), ...titles];
  const rows = facts(before, after, words).map(fact => {
    const cells = fact.values.map(value => el('td', {}, oneLine(value, 400)));
    const mark = fact.same ? '' : el('span', { class: 'qm-changed-mark', title: words.__('differs') }, ' ≠');
    return el(
      'tr',
      { class: fact.same ? 'qm-same' : '' },
      el('th', { scope: 'row' }, fact.name, mark),
      ...cells
    );
  });
  return el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows));
}

function pairOf(pair: Pair, words: Words): HTMLElement {
  const same = isSame(pair);
  const head = el('p', { class: 'qm-facts' }, `${same ? '=' : '≠'} `, named(pair, words));
  if (same) return head;
  const titles = pair.map(step => about(step, words)) as [string, string];
  const [a, b] = [content(pair[0]), content(pair[1])];
  return el('div', {}, head, a || b ? sideBySide(a, b, titles, words) : el('p', {}, titles.join(' | ')));
}

function named(pair: Pair, words: Words): Child {
  const step = pair[0] ?? pair[1];
  return step && el('strong', {}, `${kindWord(step.span, words)} ${oneLine(step.span.name, 60)}`);
}

function about(step: Step | null, words: Words): string {
  if (step === null) return words.__('not done');
  return [
    step.number && words.__('step %1', step.number),
    statusWord(step.span.status, words),
    duration(step.span.seconds)
  ]
    .filter(Boolean)
    .join(' · ');
}
