/** The line about a run that opens to its steps, and what stands beside them. */

import { GLYPHS, runFacts, statusWord } from '../trace/facts';
import { shape } from '../trace/format';
import type { Step } from '../trace/outline';
import type { Trace } from '../trace/record';
import { type Json, number, text } from '../trace/values';
import { oneLine } from '../trace/visible';
import type { Words } from '../trace/words';
import { button } from './buttons';
import { type Child, el, separated } from './dom';

const LONGEST_WHOLE = 50;

/** `✓ ok · 3 steps · 2.15 s · …` */
export function summaryLine(trace: Trace, words: Words): Child[] {
  const { status } = trace;
  const facts = runFacts(trace, words);
  return [
    el('span', { class: 'qm-caret', aria: { hidden: true } }),
    el('span', { class: `qm-glyph qm-is-${status}`, aria: { hidden: true } }, GLYPHS[status]),
    el('strong', {}, statusWord(status, words)),
    facts.length > 0 && el('span', { class: 'qm-dim' }, ' ·'),
    ...facts.flatMap((fact, i) => [' ', whole(i < facts.length - 1 ? `${fact} ·` : fact)])
  ];
}

/** A fact that is not broken between two lines, unless it is long. */
function whole(fact: string): Child {
  return el('span', { class: fact.length > LONGEST_WHOLE ? 'qm-dim' : 'qm-dim qm-whole' }, fact);
}

export function question(trace: Trace, words: Words): Child {
  const said = el('bdi', {}, trace.question.slice(0, 4_000));
  return (
    trace.question &&
    el('p', { class: 'qm-question' }, el('span', { class: 'qm-dim' }, `${words.__('Question:')} `), said)
  );
}

/** The steps that the answer comes from, each a way there. */
export function origin(steps: readonly Step[], goTo: (step: Step) => void, words: Words): Child {
  const ways = steps
    .filter(step => step.number !== null)
    .map(step => button(words.__('The answer comes from step %1', step.number), () => goTo(step)));
  return ways.length > 0 && el('p', { class: 'qm-origin' }, ...separated(ways));
}

/** What was taken out, what was cut, what could not be read. */
export function remarks(trace: Trace, words: Words): Child {
  const said = [
    trace.redactions > 0 && words._n('%1 secret taken out.', '%1 secrets taken out.', trace.redactions),
    trace.damaged > 0 && words._n('%1 step could not be read.', '%1 steps could not be read.', trace.damaged),
    ...trace.notes.slice(0, 20).map(note => oneLine(note, 400))
  ].filter(Boolean);
  return said.length > 0 && el('p', { class: 'qm-facts' }, said.join(' '));
}

/** Model, parameters, data and versions in two columns. */
export function circumstances(trace: Trace, words: Words): Child {
  const facts: [string, string][] = [
    [words.__('Data'), trace.data.map(item => handedOver(item, words)).join(', ')],
    [words.__('Model'), pairs(trace.model)],
    [words.__('Parameters'), pairs(trace.parameters)],
    [words.__('Versions'), pairs(trace.versions)],
    [words.__('Run'), words.__('%1, started %2', trace.id, trace.startedAt)]
  ];
  const rows = facts
    .filter(([, said]) => said)
    .map(([name, said]) =>
      el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, oneLine(said, 1_000)))
    );
  return el('table', { class: 'qm-pairs' }, el('tbody', {}, ...rows));
}

function handedOver(item: Json, words: Words): string {
  const size = shape(number(item.rows), number(item.columns), words);
  return `${oneLine(text(item.name) || '?', 60)}${size ? ` (${size})` : ''}`;
}

function pairs(values: Json): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
