/**
 * The steps of a run as a tree with columns (an ARIA treegrid).
 *
 * Arrow keys, Home and End move; right opens, left closes or goes to the parent; Enter and Space toggle; `*` opens all
 * siblings. Only rows that are open are built, and no more than a page of them at a time.
 */

import { grouped } from '../trace/format';
import type { Outline, Step } from '../trace/outline';
import type { Part } from '../trace/timing';
import type { Words } from '../trace/words';
import { legend, occurring } from './bar';
import { button } from './buttons';
import type { Context } from './context';
import { hasDetails } from './details';
import { arrange, el, Slot } from './dom';
import type { Memory } from './memory';
import { Row } from './row';
import { keepKeys } from './shortcuts';

const NEXT_ROWS = 500;
const KEYS = new Set(
  'ArrowDown ArrowUp ArrowLeft ArrowRight Home End Enter * '.split(' ').map(key => key || ' ')
);

interface Visible {
  readonly step: Step;
  readonly position: number;
  readonly siblings: number;
}

export class Steps {
  readonly node: HTMLElement;
  private readonly head = el('div', { role: 'row', class: 'qm-row qm-head' });
  private readonly headSlot = new Slot(this.head);
  private readonly showMore = button('', () => this.drawMore());
  private readonly more = el(
    'div',
    { role: 'row', class: 'qm-more' },
    el('div', { role: 'gridcell', aria: { colspan: 4 } }, this.showMore)
  );
  private rows = new Map<string, Row>();
  private visible: Visible[] = [];
  private outline: Outline = { traceId: '', all: [], top: [], byId: new Map() };

  constructor(
    private readonly words: Words,
    private readonly memory: Memory
  ) {
    this.node = el('div', { role: 'treegrid', class: 'qm-steps', aria: { label: words.__('Steps') } });
    this.node.addEventListener('keydown', event => this.onKey(event));
    keepKeys(this.node, event => KEYS.has(event.key) && this.isRow(event.target));
    this.node.addEventListener('click', event => this.onClick(event));
  }

  /** Draw these steps; rows that are the same stay the same nodes. */
  update(outline: Outline): void {
    this.outline = outline;
    this.draw();
  }

  /** Open everything that hides a step, then move there. */
  goTo(step: Step): void {
    for (let id = step.span.parent; id !== null; id = this.outline.byId.get(id)?.span.parent ?? null) {
      this.memory.setOpen(id, true);
    }
    this.memory.setOpen(step.span.id, true);
    this.draw();
    const place = this.places().findIndex(item => item.step.span.id === step.span.id);
    this.memory.shown = Math.max(this.memory.shown, place + 1);
    this.draw();
    this.focus(step.span.id);
  }

  private get context(): Context {
    const { words, memory, outline } = this;
    return { words, memory, outline, goTo: step => this.goTo(step) };
  }

  private draw(): void {
    const places = this.places();
    this.visible = places.slice(0, this.memory.shown);
    const context = this.context;
    const rows = new Map<string, Row>();
    const drawn = this.visible.flatMap(({ step, position, siblings }, i) => {
      const row = this.rows.get(step.span.id) ?? new Row(step);
      row.step = step;
      rows.set(step.span.id, row);
      const place = { position, siblings, before: this.visible[i - 1]?.step };
      return row.draw(place, this.isOpen(step), context);
    });
    this.rows = rows;
    const parts = occurring(this.outline.all);
    this.headSlot.fill(parts, () => header(parts, this.words));
    const rest = places.length - this.visible.length;
    arrange(this.node, [this.head, ...drawn, ...(rest > 0 ? [this.moreRow(rest)] : [])]);
    this.rove();
  }

  /** The rows that would be there without a limit. */
  private places(): Visible[] {
    const found: Visible[] = [];
    const stack = placed(this.outline.top);
    for (let next = stack.pop(); next; next = stack.pop()) {
      found.push(next);
      if (next.step.children.length && this.isOpen(next.step)) stack.push(...placed(next.step.children));
    }
    return found;
  }

  private isOpen(step: Step): boolean {
    const { status, kind } = step.span;
    // What is being written, or waits for approval, stands above the steps already.
    const shownAbove = status === 'running' && (kind === 'llm' || kind === 'approval');
    const byDefault =
      (['error', 'running', 'denied'].includes(status) && !shownAbove) ||
      (kind === 'agent' && !hasDetails(step.span));
    return this.memory.isOpen(step.span.id, byDefault);
  }

  /** Always the same button: a redraw between pressing and releasing it would lose the click of a new one. */
  private moreRow(rest: number): HTMLElement {
    const next = Math.min(rest, NEXT_ROWS);
    this.showMore.textContent = this.words.__('Show %1 more of %2 steps', grouped(next), grouped(rest));
    return this.more;
  }

  private drawMore(): void {
    const first = this.memory.shown;
    this.memory.shown += NEXT_ROWS;
    this.draw();
    this.focus(this.visible[first]?.step.span.id ?? null);
  }

  /** One row only is in the order of the Tab key. */
  private rove(): void {
    const first = this.visible[0]?.step.span.id ?? null;
    const wanted = this.memory.focus !== null && this.rows.has(this.memory.focus) ? this.memory.focus : first;
    for (const [id, row] of this.rows) row.node.tabIndex = id === wanted ? 0 : -1;
  }

  private focus(id: string | null): void {
    const row = id === null ? undefined : this.rows.get(id);
    if (row === undefined) return;
    this.memory.focus = id;
    this.rove();
    row.node.focus();
  }

  private onClick(event: Event): void {
    const target = event.target instanceof Element ? event.target : null;
    const node = target?.closest('.qm-row');
    const found = [...this.rows.values()].find(row => row.node === node);
    if (found === undefined) return;
    this.memory.focus = found.step.span.id;
    if (found.canOpen) this.setOpen(found.step, !this.isOpen(found.step));
    this.focus(found.step.span.id);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return;
    if (event.key === 'Escape' && this.leaveDetail(event.target)) stop(event);
    const index = this.visible.findIndex(({ step }) => this.rows.get(step.span.id)?.node === event.target);
    const at = this.visible[index]?.step;
    if (at !== undefined && this.moveOrOpen(event.key, at, index)) stop(event);
  }

  private isRow(target: EventTarget | null): boolean {
    return target instanceof Element && target.parentElement === this.node && target.matches('.qm-row');
  }

  private leaveDetail(target: Element): boolean {
    const row = target.closest('.qm-detail')?.previousElementSibling;
    if (!(row instanceof HTMLElement)) return false;
    row.focus();
    return true;
  }

  private moveOrOpen(key: string, at: Step, index: number): boolean {
    const go = (to: number) => this.focus(this.visible[to]?.step.span.id ?? null);
    const open = this.isOpen(at);
    const can = this.rows.get(at.span.id)?.canOpen ?? false;
    switch (key) {
      case 'ArrowDown':
        go(Math.min(index + 1, this.visible.length - 1));
        return true;
      case 'ArrowUp':
        go(Math.max(index - 1, 0));
        return true;
      case 'Home':
        go(0);
        return true;
      case 'End':
        go(this.visible.length - 1);
        return true;
      case 'ArrowRight':
        if (can && !open) this.setOpen(at, true);
        else if (at.children.length) go(index + 1);
        return true;
      case 'ArrowLeft':
        if (can && open) this.setOpen(at, false);
        else this.focus(at.depth > 0 ? at.span.parent : null);
        return true;
      case 'Enter':
      case ' ':
        if (can) this.setOpen(at, !open);
        return true;
      case '*':
        this.openSiblings(at);
        return true;
      default:
        return false;
    }
  }

  private openSiblings(at: Step): void {
    const parent =
      at.depth > 0 && at.span.parent !== null ? this.outline.byId.get(at.span.parent) : undefined;
    for (const step of parent?.children ?? this.outline.top) this.memory.setOpen(step.span.id, true);
    this.draw();
  }

  private setOpen(step: Step, open: boolean): void {
    this.memory.setOpen(step.span.id, open);
    this.draw();
  }
}

function placed(steps: readonly Step[]): Visible[] {
  return steps.map((step, i) => ({ step, position: i + 1, siblings: steps.length })).reverse();
}

function header(parts: readonly Part[], words: Words): HTMLElement[] {
  return [
    el('div', { role: 'columnheader', class: 'qm-name' }, words.__('Step')),
    el('div', { role: 'columnheader', class: 'qm-about' }, words.__('Facts')),
    el('div', { role: 'columnheader', class: 'qm-lane' }, legend(parts, words)),
    el('div', { role: 'columnheader', class: 'qm-time' }, words.__('Time'))
  ];
}

/** Jupyter listens further up (since 4.1), and moves between cells by the same keys. */
function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
