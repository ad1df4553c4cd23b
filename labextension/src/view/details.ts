/** What a step did, shown when its row is open. */

import type { Step } from '../trace/outline';
import { repeats } from '../trace/outline';
import type { Span } from '../trace/record';
import { type Json, text } from '../trace/values';
import { approvalDetails } from './approvalDetails';
import { block } from './code';
import type { Context } from './context';
import { type Child, el } from './dom';
import { failed } from './failure';
import { fold } from './fold';
import { modelDetails } from './modelDetails';
import { toolDetails } from './toolDetails';

// Drawn in their own way; everything else of a step's data is shown by name.
const DRAWN = new Set(
  (
    'prompt completion grammar finish_reason usage mean_logprob rejected_mass tokens tokens_sha256 ' +
    'tool arguments effect approval sql dialect code language tables rows columns fingerprint frame_diff http ' +
    'model_view user_view subject result reason preview decision by edited'
  ).split(' ')
);

export function hasDetails(span: Span): boolean {
  return span.kind !== 'retry' && (span.error !== null || Object.keys(span.data).length > 0);
}

export function details(step: Step, context: Context): Child[] {
  return [failed(step, context), ...ofKind(step, context), unknown(step.span, context)];
}

function ofKind(step: Step, context: Context): Child[] {
  switch (step.span.kind) {
    case 'llm':
      return modelDetails(step.span, context);
    case 'approval':
      return approvalDetails(step.span, context);
    default:
      return toolDetails(step.span, context, { repeated: step.repair !== null });
  }
}

/** What a line about another attempt says: not again what the step before it has said. */
export function retryReason(step: Step, before: Step | undefined): string {
  return repeats(step.span, before?.span) ? '' : text(step.span.data.reason);
}

function unknown(span: Span, context: Context): Child {
  const rest = Object.fromEntries(Object.entries(span.data).filter(([key]) => !DRAWN.has(key)));
  if (Object.keys(rest).length === 0) return null;
  const { words, memory } = context;
  return fold(words.__('More'), `${span.id}/more`, memory, () => [json(rest, words.__('More'), context)]);
}

export function json(
  value: Json,
  label: string,
  { words }: Context,
  buttons: readonly Child[] = []
): HTMLElement {
  return block(JSON.stringify(value, null, 1), { label, words, buttons });
}

/** Small facts on one line. */
export function factLine(facts: readonly string[]): Child {
  return facts.length > 0 && el('p', { class: 'qm-facts' }, facts.join(' · '));
}
