/** What a program did to a frame: rows, columns, dtypes and missing values, before and after. */

import { grouped, shape } from '../trace/format';
import { changes, type FrameChange, frameChanges } from '../trace/frames';
import type { Words } from '../trace/words';
import { type Child, el } from './dom';

const MOST_COLUMNS = 100;

export function frameDiff(value: unknown, words: Words): Child {
  const found = frameChanges(value);
  return found.length > 0 && el('div', { class: 'qm-frames' }, ...found.map(change => frame(change, words)));
}

function frame(change: FrameChange, words: Words): HTMLElement {
  const size = (side: FrameChange['before']) => side && shape(side.rows, side.totalColumns, words);
  const [before, after] = [size(change.before), size(change.after)];
  const said =
    before === null
      ? words.__('new: %1', after)
      : after === null
        ? words.__('removed: %1', before)
        : before === after
          ? before
          : `${before} → ${after}`;
  const title = el('p', { class: 'qm-facts' }, el('code', {}, change.name), ` ${said}`);
  return el('div', {}, title, columns(change, words));
}

function columns(change: FrameChange, words: Words): Child {
  const rows = changes(change);
  if (rows.length === 0) return null;
  const head = [words.__('Column'), words.__('Change'), words.__('dtype'), words.__('Missing')];
  const body = rows.slice(0, MOST_COLUMNS).map(row => {
    const mark = { added: '+', removed: '−', changed: '≠' }[row.kind];
    const kind = { added: words.__('added'), removed: words.__('removed'), changed: words.__('changed') }[
      row.kind
    ];
    const cells = [row.name, `${mark} ${kind}`, row.dtype, row.missing];
    return el('tr', { class: `qm-${row.kind}` }, ...cells.map(cell => el('td', {}, cell)));
  });
  const more = rows.length - MOST_COLUMNS;
  const left = more > 0 && el('p', { class: 'qm-facts' }, words.__('and %1 more columns', grouped(more)));
  const titles = el('tr', {}, ...head.map(title => el('th', { scope: 'col' }, title)));
  const label = words.__('Changes of %1', change.name);
  const drawn = el('table', { aria: { label } }, el('thead', {}, titles), el('tbody', {}, ...body));
  return el('div', { class: 'qm-scroll', tabindex: 0, role: 'group', aria: { label } }, drawn, left);
}
