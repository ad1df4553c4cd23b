/** One line of the tree, and the row below it that holds what the step did. */

import { GLYPHS, kindWord, statusWord, stepFacts } from '../trace/facts';
import { duration } from '../trace/format';
import type { Step } from '../trace/outline';
import { oneLine } from '../trace/visible';
import { bar } from './bar';
import type { Context } from './context';
import { details, hasDetails, retryReason } from './details';
import { type Child, el, Slot, separated, setAria } from './dom';

const DEEPEST_INDENT = 12;
const INDENT_EM = 1.1;

/** Where a row stands among its siblings, counted from 1. */
export interface Place {
  readonly position: number;
  readonly siblings: number;
  readonly before: Step | undefined;
}

export class Row {
  readonly node = el('div', { class: 'qm-row', role: 'row', tabindex: -1 });
  private readonly line = new Slot(this.node);
  private detail: { row: HTMLElement; slot: Slot } | null = null;

  constructor(public step: Step) {}

  get canOpen(): boolean {
    return hasDetails(this.step.span) || this.step.children.length > 0;
  }

  /** The nodes of this row, in order. */
  draw(place: Place, open: boolean, context: Context): HTMLElement[] {
    const { step } = this;
    const { children, repair, ...own } = step;
    const about = { ...own, span: { ...own.span, data: null }, facts: this.facts(place, context) };
    this.line.fill(about, () => this.cells(place, context));
    this.node.dataset.status = step.span.status;
    setAria(this.node, 'level', step.depth + 1);
    setAria(this.node, 'posinset', place.position);
    setAria(this.node, 'setsize', place.siblings);
    setAria(this.node, 'expanded', this.canOpen ? open : null);
    return open && hasDetails(step.span) ? [this.node, this.drawDetail(context)] : [this.node];
  }

  private drawDetail(context: Context): HTMLElement {
    this.detail ??= detailRow(this.step.depth);
    const { repair, children, ...own } = this.step;
    this.detail.slot.fill([own.span, repair?.span.id], () => details(this.step, context));
    return this.detail.row;
  }

  private facts(place: Place, context: Context): string[] {
    const { span, repair } = this.step;
    const { words } = context;
    if (span.kind === 'retry')
      return [retryReason(this.step, place.before)].filter(Boolean).map(r => oneLine(r, 300));
    const facts = [
      span.status === 'ok' ? '' : statusWord(span.status, words),
      span.error ? oneLine(span.error.type, 60) : '',
      ...stepFacts(span, words),
      repair ? words.__('repaired by step %1', repair.number) : '',
      this.step.depth > DEEPEST_INDENT ? words.__('level %1', this.step.depth + 1) : ''
    ];
    return [...new Set(facts.filter(Boolean))];
  }

  private cells(place: Place, context: Context): Child[] {
    const { span } = this.step;
    const retry = span.kind === 'retry';
    return [
      el(
        'div',
        { role: 'gridcell', class: 'qm-name' },
        ...(retry ? again(this.step, context) : named(this.step, context))
      ),
      el('div', { role: 'gridcell', class: 'qm-about' }, ...separated(this.facts(place, context))),
      el('div', { role: 'gridcell', class: 'qm-lane' }, !retry && bar(this.step, context.words)),
      el('div', { role: 'gridcell', class: 'qm-time' }, retry ? '' : duration(span.seconds))
    ];
  }
}

function named(step: Step, { words }: Context): Child[] {
  const { span } = step;
  const glyph = el(
    'span',
    { class: `qm-glyph qm-is-${span.status}`, title: statusWord(span.status, words) },
    GLYPHS[span.status]
  );
  const number = step.number === null ? '' : `${step.number}. `;
  return [
    ...indent(step),
    glyph,
    el('span', { class: 'qm-kind' }, `${number}${kindWord(span, words)}`),
    el('strong', {}, oneLine(span.name, 60))
  ];
}

function again(step: Step, { words }: Context): Child[] {
  return [
    ...indent(step),
    el('span', { class: 'qm-glyph' }, '↻'),
    el('span', { class: 'qm-kind' }, words.__('trying again'))
  ];
}

function indent(step: Step): Child[] {
  const space = el('span', { class: 'qm-caret', aria: { hidden: true } });
  space.style.marginInlineStart = `${Math.min(step.depth, DEEPEST_INDENT) * INDENT_EM}em`;
  return [space];
}

function detailRow(depth: number): { row: HTMLElement; slot: Slot } {
  const cell = el('div', { role: 'gridcell', class: 'qm-inside', aria: { colspan: 4 } });
  cell.style.marginInlineStart = `${Math.min(depth, DEEPEST_INDENT) * INDENT_EM + 1.6}em`;
  const row = el('div', { class: 'qm-detail', role: 'row', aria: { level: depth + 2 } }, cell);
  return { row, slot: new Slot(cell) };
}
