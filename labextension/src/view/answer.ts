/** The answer of a run: a number, a text or a table, and the program that made it. */

import { cellSource, sqlSource } from '../trace/cellSource';
import { evidence, type Outline, program } from '../trace/outline';
import type { Trace } from '../trace/record';
import { layOut } from '../trace/sqlLayout';
import { type TableView, tableView } from '../trace/table';
import { type Json, list, text } from '../trace/values';
import { oneLine } from '../trace/visible';
import type { Words } from '../trace/words';
import { actions } from './actions';
import { notebookButton } from './buttons';
import type { Child } from './dom';
import { el } from './dom';
import { table } from './table';
import { programOf } from './toolDetails';

const BIGGEST_NUMBER = 40;
const SHORT_TEXT = 90;
const MOST_TEXT = 20_000;
const MOST_READINGS = 8;
const LONGEST_READING = 2_000;

export function answer(trace: Trace, outline: Outline, words: Words): Child[] {
  if (trace.answer === null) return [];
  const source = evidence(trace, outline).at(-1)?.span;
  const view = tableView(trace.answer.preview) ?? tableView(source?.data.user_view);
  return [...value(trace.answer, view, words), programPart(trace, outline, words)];
}

function value(given: Json, view: TableView | null, words: Words): Child[] {
  const said = text(given.text).trim().slice(0, MOST_TEXT);
  const kind = text(given.kind);
  const asked = readings(given);
  if (asked.length) return [el('p', { class: 'qm-lead' }, said.split('\n', 1)[0]), choice(asked, words)];
  const drawn = kind === 'table' && view ? table(view, words.__('Answer'), words) : null;
  if (kind === 'number' && said.length <= BIGGEST_NUMBER) return [big(said, view)];
  if (kind === 'sql') return [programOf(layOut(said), kind, words, sqlSource(said))];
  if (drawn) return [said && el('p', { class: 'qm-lead' }, oneLine(said, 400)), drawn];
  const short = said.length <= SHORT_TEXT;
  return said
    ? [el(short ? 'p' : 'div', { class: short ? 'qm-lead qm-short' : 'qm-words', dir: 'auto' }, said)]
    : [];
}

/** How a question that fits several columns could be asked instead. */
function readings(given: Json): string[] {
  if (text(given.status) !== 'ambiguous') return [];
  return list(given.readings)
    .map(text)
    .filter(reading => reading.trim() && reading.length <= LONGEST_READING)
    .slice(0, MOST_READINGS);
}

/** Each reading as a button that asks it; where nothing can be asked, as text to be copied. */
function choice(asked: readonly string[], words: Words): HTMLElement {
  const able = actions();
  const hint = words.__('Ask this in a cell below');
  const items = asked.map(reading => {
    const shown = el('code', { dir: 'auto' }, reading);
    if (able === null) return el('li', {}, shown);
    const made = notebookButton(reading, at => able.ask(at, reading), hint);
    shown.classList.add('qm-elsewhere');
    return el('li', {}, made, shown);
  });
  return el('ul', { class: 'qm-readings' }, ...items);
}

function big(said: string, view: TableView | null): Child {
  const label = view?.columns.length === 1 ? (view.columns[0]?.name ?? '') : '';
  // A name that the query gave (`avg_delay`) says something; one of DuckDB's own (`count_star()`) does not.
  const unit = label && !label.includes('(') && el('small', { class: 'qm-dim' }, ` ${label}`);
  return el('p', { class: 'qm-big' }, el('strong', {}, said), unit);
}

function programPart(trace: Trace, outline: Outline, words: Words): Child {
  const code = text(trace.answer?.code);
  if (!code || code === text(trace.answer?.text)) return null;
  const step = evidence(trace, outline).findLast(found => program(found.span) === code)?.span;
  // A repaired cell was run in no step, so only the answer's kind tells what it is written in.
  const python = step ? !text(step.data.sql) : text(trace.answer?.kind) === 'python';
  const source = step ? cellSource(step) : python ? code : sqlSource(code);
  return programOf(python ? code : layOut(code), python ? 'python' : 'sql', words, source);
}
