/**
 * All runs of a notebook: search, go to the cell, choose two to compare.
 *
 * Up, down, Home and End move between runs as Tab does, but skip what stands between; they choose nothing.
 */

import { GLYPHS, statusWord } from '../trace/facts';
import { duration, grouped } from '../trace/format';
import type { Trace } from '../trace/record';
import { text } from '../trace/values';
import { oneLine } from '../trace/visible';
import type { Words } from '../trace/words';
import { button } from './buttons';
import { arrange, type Child, el, Slot, separated, setAria } from './dom';

/** One run, and where it is shown. */
export interface Run {
  readonly trace: Trace;
  readonly cell: string;
  /** Tells runs apart: a copied cell shows the same trace a second time. */
  readonly key: string;
}

export interface RunListHost {
  goTo(run: Run): void;
  compare(before: Run, after: Run): void;
  replay(run: Run): void;
}

/** From the place of a run to another; the place before the first is the search. */
const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: at => at - 1,
  Home: () => 0,
  End: (_, last) => last
};

export class RunList {
  private readonly search = el('input', { type: 'search', class: 'qm-search' });
  private readonly compare: HTMLButtonElement;
  private readonly replay: HTMLButtonElement;
  private readonly totals = new Slot(el('p', { class: 'qm-facts', aria: { live: 'polite' } }));
  private readonly list = el('ul', { class: 'qm-runs' });
  private readonly items = new Map<string, Item>();
  private chosen: string[] = [];
  /** The run that the keyboard was on last. */
  private latest = '';
  private runs: readonly Run[] = [];
  private shown: readonly Item[] = [];
  private off = false;

  constructor(
    readonly node: HTMLElement,
    private readonly words: Words,
    private readonly host: RunListHost
  ) {
    node.classList.add('qm-view', 'qm-panel');
    this.search.placeholder = words.__('Search');
    setAria(this.search, 'label', words.__('Search questions, answers and programs'));
    this.search.addEventListener('input', () => this.draw());
    this.compare = button(words.__('Compare'), () => this.onCompare());
    this.replay = button(words.__('Replay'), () => this.onReplay());
    const tools = el('div', { class: 'qm-panel-tools' }, this.search, this.compare, this.replay);
    this.list.addEventListener('keydown', event => this.onKey(event));
    this.search.addEventListener('keydown', event => event.key === 'ArrowDown' && this.onKey(event));
    node.replaceChildren(tools, this.totals.node, this.list);
    this.draw();
  }

  /** Show these; with `off` say that the notebook is switched off. */
  update(runs: readonly Run[], off = false): void {
    this.runs = runs;
    this.off = off;
    const there = new Set(runs.map(run => run.key));
    this.chosen = this.chosen.filter(key => there.has(key));
    for (const key of this.items.keys()) if (!there.has(key)) this.items.delete(key);
    this.draw();
  }

  /** Put the keyboard where it was last: on a run, or at first on the search. */
  focus(): void {
    const item = this.shown.find(one => one.key === this.latest);
    (item?.open ?? this.search).focus();
  }

  private draw(): void {
    const wanted = this.search.value.trim().toLowerCase();
    const shown = this.runs.filter(run => !wanted || searchable(run.trace).includes(wanted));
    this.shown = shown.map(run => this.item(run));
    arrange(
      this.list,
      this.shown.map(item => item.node)
    );
    this.totals.fill([this.off, this.runs.length, shown.length, sums(shown)], () => [this.summary(shown)]);
    this.compare.disabled = this.chosen.length !== 2;
    this.replay.disabled = this.chosen.length !== 1;
    this.replay.title = this.replay.disabled
      ? this.words.__('Tick one run first')
      : this.words.__('Run its tool steps again on the data of now, in a cell below it');
    this.compare.title = this.compare.disabled ? this.words.__('Tick two runs first') : '';
  }

  private item(run: Run): Item {
    const { key } = run;
    const item =
      this.items.get(key) ??
      new Item(
        this.words,
        chosen => this.choose(key, chosen),
        found => this.host.goTo(found),
        () => {
          this.latest = key;
        }
      );
    this.items.set(key, item);
    item.draw(run, this.chosen.includes(key));
    return item;
  }

  private choose(key: string, chosen: boolean): void {
    const others = this.chosen.filter(other => other !== key);
    // A third one takes the place of the one that was ticked first.
    this.chosen = chosen ? [...others.slice(-1), key] : others;
    this.draw();
  }

  private onKey(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const target = event.target as Node;
    const at = this.shown.findIndex(item => item.node.contains(target));
    const item = this.shown[move(at, this.shown.length - 1)];
    (item?.beside(target) ?? this.search).focus();
  }

  private onCompare(): void {
    const [before, after] = this.runs.filter(run => this.chosen.includes(run.key));
    if (before && after) this.host.compare(before, after);
  }

  private onReplay(): void {
    const run = this.runs.find(one => this.chosen.includes(one.key));
    if (run) this.host.replay(run);
  }

  private summary(shown: readonly Run[]): string {
    const { words } = this;
    if (this.off) return words.__('Qwen is switched off for this notebook.');
    if (this.runs.length === 0) return words.__('No run in this notebook yet. Ask one with %%qwen.');
    if (shown.length === 0) return words.__('No run has this text.');
    const [seconds, tokens] = sums(shown);
    return [
      words._n('%1 run', '%1 runs', shown.length),
      duration(seconds),
      words.__('%1 tokens', grouped(tokens))
    ].join(' · ');
  }
}

class Item {
  readonly node = el('li', { class: 'qm-run-item' });
  private readonly tick = el('input', { type: 'checkbox' });
  readonly open = el('button', { type: 'button', class: 'qm-run-open' });
  private readonly slot = new Slot(this.open);
  private run: Run | null = null;

  get key(): string | undefined {
    return this.run?.key;
  }

  constructor(
    private readonly words: Words,
    choose: (chosen: boolean) => void,
    goTo: (run: Run) => void,
    reached: () => void
  ) {
    this.tick.addEventListener('change', () => choose(this.tick.checked));
    this.open.addEventListener('click', () => this.run && goTo(this.run));
    this.node.addEventListener('focusin', reached);
    this.node.append(this.tick, this.open);
  }

  /** Its tick for whoever comes from another's tick, else the run itself. */
  beside(from: Node): HTMLElement {
    return from instanceof HTMLInputElement && from.type === 'checkbox' ? this.tick : this.open;
  }

  draw(run: Run, chosen: boolean): void {
    this.run = run;
    const { trace } = run;
    this.tick.checked = chosen;
    const question = oneLine(trace.question, 160);
    setAria(this.tick, 'label', this.words.__('Choose: %1', question));
    this.slot.fill([question, trace.status, trace.seconds, trace.tokens, trace.answer?.text], () => [
      el('span', { class: 'qm-run-question' }, question),
      el('span', { class: 'qm-run-answer' }, oneLine(text(trace.answer?.text), 120)),
      el('span', { class: 'qm-facts' }, glyph(trace), ' ', ...separated(this.facts(trace)))
    ]);
  }

  /** None of them is broken between two lines. */
  private facts(trace: Trace): Child[] {
    const { words } = this;
    const tokens = trace.tokens.prompt + trace.tokens.output;
    const began = new Date(trace.startedAt);
    const clock = { hour: '2-digit', minute: '2-digit' } as const;
    return [
      statusWord(trace.status, words),
      duration(trace.seconds),
      tokens > 0 && words.__('%1 tokens', grouped(tokens)),
      !Number.isNaN(began.getTime()) && began.toLocaleTimeString([], clock)
    ].map(fact => fact && el('span', { class: 'qm-whole' }, fact));
  }
}

function glyph(trace: Trace): HTMLElement {
  return el(
    'span',
    { class: `qm-glyph qm-is-${trace.status}`, aria: { hidden: true } },
    GLYPHS[trace.status]
  );
}

function searchable(trace: Trace): string {
  return [trace.question, text(trace.answer?.text), text(trace.answer?.code)].join('\n').toLowerCase();
}

function sums(runs: readonly Run[]): [number, number] {
  const seconds = runs.reduce((sum, run) => sum + run.trace.seconds, 0);
  const tokens = runs.reduce((sum, run) => sum + run.trace.tokens.prompt + run.trace.tokens.output, 0);
  return [seconds, tokens];
}
