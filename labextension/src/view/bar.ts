/** The waterfall: when in the run a step's time passed. */

import { duration } from '../trace/format';
import type { Step } from '../trace/outline';
import { type Part, segments } from '../trace/timing';
import type { Words } from '../trace/words';
import { el } from './dom';

export function partWord(part: Part, words: Words): string {
  return {
    queue: words.__('waiting'),
    prefill: words.__('reading'),
    decode: words.__('writing'),
    tool: words.__('tool'),
    check: words.__('check'),
    approval: words.__('approval'),
    agent: words.__('run'),
    retry: words.__('retry')
  }[part];
}

/** A track as long as the run, with the step's pieces on it. */
export function bar(step: Step, words: Words): HTMLElement {
  const parts = segments(step.span);
  const total = parts.reduce((sum, part) => sum + part.seconds, 0) || 1;
  const said = parts.map(part => `${partWord(part.part, words)} ${duration(part.seconds)}`).join(', ');
  const track = el('span', { class: 'qm-track', role: 'img', title: said, aria: { label: said } });
  const run = el('span', { class: 'qm-run' });
  run.style.left = `${(100 * Math.min(step.offset, 0.985)).toFixed(2)}%`;
  run.style.width = `${(100 * step.share).toFixed(2)}%`;
  for (const part of parts) {
    const piece = el('span', { class: `qm-piece qm-${part.part}` });
    piece.style.flexGrow = (part.seconds / total).toFixed(4);
    run.append(piece);
  }
  if (step.span.status === 'running') run.classList.add('qm-is-running');
  track.append(run);
  return track;
}

/** The kinds of time that occur in a run. */
export function occurring(steps: readonly Step[]): Part[] {
  const seen = new Set<Part>();
  for (const { span } of steps) {
    if (span.kind === 'agent' || span.kind === 'retry') continue;
    for (const segment of segments(span)) seen.add(segment.part);
  }
  return [...seen];
}

/** What the colours mean. */
export function legend(parts: readonly Part[], words: Words): HTMLElement {
  const items = parts.map(part =>
    el('span', { class: 'qm-key' }, el('span', { class: `qm-swatch qm-${part}` }), partWord(part, words))
  );
  return el('span', { class: 'qm-legend' }, ...items);
}
