/** A whole trace. Calling `update` again redraws in place and keeps what the reader has opened. */

import { current, ending, evidence, type Outline, outline } from '../trace/outline';
import { readTrace, type Trace } from '../trace/record';
import { text } from '../trace/values';
import { oneLine } from '../trace/visible';
import type { Words } from '../trace/words';
import { actions } from './actions';
import { answer } from './answer';
import { button, notebookButton } from './buttons';
import { boxed } from './code';
import { arrange, type Child, el, Slot, setAria } from './dom';
import { failureBlock } from './failure';
import { fold } from './fold';
import { type Memory, memoryOf } from './memory';
import { Steps } from './steps';
import { circumstances, origin, question, remarks, summaryLine } from './summary';

const LONGEST_TAIL = 1_500;
let views = 0;

export class TraceView {
  private parts: Parts | null = null;

  constructor(
    private readonly node: HTMLElement,
    private readonly words: Words
  ) {
    node.classList.add('qm-view');
  }

  /** Draw a record, whatever it is: a trace, one of a version to come, or something else. */
  update(json: unknown): void {
    try {
      this.draw(json);
    } catch (error) {
      // Values nested thousands of levels deep: no trace of ours has them, and no interpreter's stack bears them.
      if (!(error instanceof RangeError)) throw error;
      this.refuse(unreadable(null, this.words));
    }
  }

  private draw(json: unknown): void {
    const reading = readTrace(json);
    if (reading === null || 'version' in reading) {
      this.refuse(unreadable(reading, this.words));
      return;
    }
    if (this.parts?.traceId !== reading.trace.id) this.parts = new Parts(reading.trace.id, this.words);
    arrange(this.node, this.parts.draw(reading.trace, json));
  }

  private refuse(reason: string): void {
    this.parts = null;
    this.node.replaceChildren(el('p', { class: 'qm-facts' }, reason));
  }
}

function unreadable(reading: { version: string } | null, words: Words): string {
  if (reading === null)
    return words.__('This output is no trace of qwen-magics, or it is damaged beyond reading.');
  const version = oneLine(reading.version, 20);
  return words.__(
    'This trace has format %1, and this extension reads 1.x. Update qwen-magics to see it.',
    version
  );
}

/** The nodes of one trace. */
class Parts {
  private readonly memory: Memory;
  private readonly answer = new Slot(el('div', { class: 'qm-answer' }));
  private readonly ending = new Slot(el('div', { class: 'qm-ending' }));
  private readonly line = el('button', { type: 'button', class: 'qm-summary' });
  private readonly lineSlot = new Slot(this.line);
  private readonly buttons = new Slot(el('span', { class: 'qm-tools' }));
  private readonly bar = el('div', { class: 'qm-bar' }, this.line, this.buttons.node);
  private readonly above = new Slot(el('div', {}));
  private readonly below = new Slot(el('div', {}));
  private readonly inside: HTMLElement;
  private steps: Steps | null = null;
  private latest: { trace: Trace; json: unknown } | null = null;

  constructor(
    readonly traceId: string,
    private readonly words: Words
  ) {
    this.memory = memoryOf(traceId);
    this.inside = el('div', { class: 'qm-open', id: `qm-open-${++views}` });
    setAria(this.line, 'controls', this.inside.id);
    this.line.addEventListener('click', () => this.toggle());
  }

  draw(trace: Trace, json: unknown): Node[] {
    this.latest = { trace, json };
    const steps = outline(trace);
    const { words } = this;
    const sources = evidence(trace, steps);
    this.answer.fill([trace.answer, sources.map(step => step.span)], () => answer(trace, steps, words));
    this.ending.fill([trace.status, trace.error, progress(trace)], () => this.endingOf(trace));
    this.lineSlot.fill([trace.status, trace.steps, trace.seconds, trace.tokens, trace.model], () =>
      summaryLine(trace, words)
    );
    this.buttons.fill([trace.status === 'running', actions() !== null], () => this.runButtons(trace));
    const open = this.isOpen(trace);
    setAria(this.line, 'expanded', open);
    this.inside.hidden = !open;
    if (open) this.drawInside(trace, steps);
    return [this.answer.node, this.ending.node, this.bar, this.inside];
  }

  private isOpen(trace: Trace): boolean {
    // Who is asked for an approval finds the answer's field right below what would run.
    const shown = ['running', 'error', 'denied'].includes(trace.status) && !waitsFor(trace);
    return this.memory.steps ?? shown;
  }

  private toggle(): void {
    if (this.latest === null) return;
    this.memory.steps = !this.isOpen(this.latest.trace);
    this.draw(this.latest.trace, this.latest.json);
  }

  private drawInside(trace: Trace, steps: Outline): void {
    const { words, memory } = this;
    this.steps ??= new Steps(words, memory);
    this.steps.update(steps);
    const sources = evidence(trace, steps);
    const places = sources.map(step => [step.span.id, step.number]);
    this.above.fill([trace.question, places], () => [
      question(trace, words),
      origin(sources, step => this.steps?.goTo(step), words)
    ]);
    const title = words.__('Model, parameters, data, versions');
    this.below.fill([trace.notes, trace.damaged, trace.redactions, trace.status], () => [
      remarks(trace, words),
      fold(title, 'circumstances', memory, () => [circumstances(trace, words)])
    ]);
    arrange(this.inside, [this.above.node, this.steps.node, this.below.node]);
  }

  private endingOf(trace: Trace): Child[] {
    const { words } = this;
    const error = ending(trace);
    if (error) return [failureBlock(error, words)];
    if (trace.status === 'cancelled') {
      return [
        el(
          'p',
          {},
          el('strong', {}, words.__('Stopped.')),
          ` ${words.__('What had happened until then is recorded below.')}`
        )
      ];
    }
    return trace.status === 'running' ? this.running(trace) : [];
  }

  private running(trace: Trace): Child[] {
    const waiting = waitsFor(trace);
    if (waiting) return [approvalBox(waiting, this.words)];
    const [doing, written] = progress(trace);
    const said = doing ? `${oneLine(doing, 80)}…` : this.words.__('Working…');
    const head = el('p', {}, el('strong', {}, said.charAt(0).toUpperCase() + said.slice(1)));
    // The end is what changes; the whole stands in the step below.
    const tail = written.length <= LONGEST_TAIL ? written : `…${written.slice(-LONGEST_TAIL)}`;
    return written ? [head, boxed(el('code', {}, `${tail}▌`), '', said)] : [head];
  }

  private runButtons(trace: Trace): Child[] {
    const able = actions();
    if (able === null || trace.status === 'running') return [];
    const { words } = this;
    return [
      notebookButton(words.__('Run again'), at => able.rerun(at), words.__('Run this cell again')),
      button(
        words.__('Export'),
        () => this.latest && able.download(this.latest.trace, this.latest.json),
        words.__('Save the trace as a JSON file')
      )
    ];
  }
}

/** What a running trace is at, and what is being written or waits for approval. */
function progress(trace: Trace): [string, string] {
  const span = trace.status === 'running' ? current(trace) : null;
  if (span === null || span.kind === 'agent') return ['', ''];
  return [span.name, span.kind === 'llm' ? text(span.data.completion) : waitsFor(trace)];
}

/** Exactly what would run, while a person is asked whether it may. */
function waitsFor(trace: Trace): string {
  const span = trace.status === 'running' ? current(trace) : null;
  return span?.kind === 'approval' ? text(span.data.preview) : '';
}

/** All of it, nothing left out: a long one scrolls. */
function approvalBox(shown: string, words: Words): HTMLElement {
  const title = words.__('This would run. Answer below.');
  const box = boxed(el('code', {}, shown), shown, title);
  return el('div', { class: 'qm-approving' }, el('strong', {}, title), box);
}
