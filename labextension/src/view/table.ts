/** Draws table previews. */

import { grouped, shape } from '../trace/format';
import type { Cell, TableView } from '../trace/table';
import type { Words } from '../trace/words';
import { actions } from './actions';
import { button } from './buttons';
import { type Child, el } from './dom';

const FIRST = 10;

/** The first rows, with what is missing said below, and a way to all that the trace kept. */
export function table(view: TableView, title: string, words: Words): HTMLElement {
  const shown = view.rows.slice(0, FIRST);
  const scroller = el('div', { class: 'qm-scroll', tabindex: 0, role: 'group', aria: { label: title } });
  scroller.append(grid(view, shown, words));
  const open = actions();
  const more = view.rows.length > FIRST || view.columns.length > FIRST;
  const whole = open && more && button(words.__('Open as a tab'), () => open.openTable(title, view));
  const below = [remark(view, shown.length, words), whole].filter(Boolean);
  return el(
    'div',
    { class: 'qm-table' },
    scroller,
    below.length > 0 && el('div', { class: 'qm-dim' }, ...below)
  );
}

/** All rows that there are, as one HTML table. */
export function grid(view: TableView, rows: TableView['rows'], words: Words): HTMLElement {
  const side = (i: number) => (view.columns[i]?.numeric ? { class: 'qm-number' } : {});
  const title = (i: number) => view.columns[i]?.name || words.__('(no name)');
  const head = view.columns.map((_, i) => el('th', { scope: 'col', ...side(i) }, title(i)));
  const body = rows.map(row =>
    el('tr', {}, ...row.map((cell, i) => el('td', { ...side(i), ...exact(cell) }, shown(cell))))
  );
  return el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body));
}

function exact(cell: Cell): { title?: string } {
  return cell.exact ? { title: cell.exact } : {};
}

function shown(cell: Cell): Child {
  return cell.missing ? el('em', { class: 'qm-dim' }, cell.shown) : cell.shown;
}

/** `10 of 2,000 rows × 3 columns`. */
export function remark(view: TableView, drawn: number, words: Words): string {
  const size = shape(view.totalRows, view.totalColumns, words);
  const complete = drawn === view.totalRows && view.columns.length === view.totalColumns;
  if (complete && drawn > 0) return '';
  const missing = [
    view.rows.length > drawn && words.__('the first %1 are shown', grouped(drawn)),
    view.totalRows > view.rows.length && words.__('%1 are kept', grouped(view.rows.length)),
    view.totalColumns > view.columns.length && words.__('%1 columns are shown', grouped(view.columns.length))
  ].filter(Boolean);
  return missing.length ? `${size}; ${missing.join(', ')} ` : `${size} `;
}
